// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo terminal with 40 columns: what a program writes to, and what is
// shown.
func terminal(t *testing.T) (program, shown *os.File) {
	t.Helper()
	shown, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals here: ", err)
	}
	t.Cleanup(func() { shown.Close() })
	fd := int(shown.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 40})
	}
	if err != nil {
		t.Skip("no pseudo terminals here: ", err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals here: ", err)
	}
	t.Cleanup(func() { program.Close() })
	return program, shown
}

// TestOnATerminal: a terminal has a width, colours and a bar, unless it is told otherwise.
func TestOnATerminal(t *testing.T) {
	tty, shown := terminal(t)
	t.Setenv("COLUMNS", "")
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	if got := Width(tty); got != 40 {
		t.Errorf("width %d, want 40", got)
	}
	if !Painting(tty) {
		t.Error("a terminal has no colours")
	}
	for name, value := range map[string]string{"NO_COLOR": "1", "TERM": "dumb"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if Painting(tty) {
				t.Errorf("coloured in spite of %s=%s", name, value)
			}
		})
	}
	s := New(tty)
	s.Draw(s.Bar(0.25) + " and a lot of text that has no room beside it")
	want := eraseLine + "[##........]  25 % and a lot of text th"
	got := make([]byte, 100)
	n, err := shown.Read(got)
	if string(got[:n]) != want || err != nil {
		t.Errorf("shown %q (%v), want %q", got[:n], err, want)
	}
}
