// SPDX-License-Identifier: Apache-2.0

//go:build unix

package output

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func shell(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("no /bin/sh: ", err)
	}
}

func TestProgram(t *testing.T) {
	shell(t)
	f := func(keep bool, want string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "out")
		p := NewProgram("echo start >>'"+path+"'; cat >>'"+path+"'", keep, false)
		if err := errors.Join(all(p, batch("a", "b")), all(p, batch("c")), p.Close()); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("keep alive %v: %q (%v), want %q", keep, got, err, want)
		}
	}
	f(true, "start\na\nb\nc\n")
	f(false, "start\na\nstart\nb\nstart\nc\n")
}

// What a program has not read, or has not dealt with well, is not delivered.
func TestProgramThatTakesNothing(t *testing.T) {
	shell(t)
	f := func(command string, keep bool, want string) {
		t.Helper()
		if keep && runtime.GOOS != "linux" {
			return // only Linux tells what a program has read
		}
		var lines safeBuffer
		q := NewQueue(NewProgram(command, keep, false), Options{Log: logTo(&lines), Timeout: 100 * time.Millisecond})
		q.Write(batch("a", "b", "c"), nothing)
		if err := q.Close(); !errors.Is(err, ErrClosed) {
			t.Errorf("%s, keep alive %v: Close = %v, want %v", command, keep, err, ErrClosed)
		}
		if c := q.Counts(); c.Failed != 3 || c.Delivered != 0 || c.Retried == 0 {
			t.Errorf("%s, keep alive %v: counts %+v, want 3 failed, some retried", command, keep, c)
		}
		if !strings.Contains(lines.String(), want) {
			t.Errorf("%s, keep alive %v: the log has no %q:\n%s", command, keep, want, lines.String())
		}
	}
	for _, keep := range []bool{false, true} {
		f("exit 3", keep, "the program ended: exit status 3")
		f("kill -9 $$", keep, "the program ended: signal: killed")
		f("/no/such/program", keep, "the program ended: exit status 127")
	}
	f("true", true, "the program ended before it had read the alert")
	f("cat >/dev/null; exit 3", false, "the program ended: exit status 3")
}

// A program may end as often as it likes: what it has not read goes to the next.
func TestProgramIsStartedAgain(t *testing.T) {
	shell(t)
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what a program has read")
	}
	path := filepath.Join(t.TempDir(), "out")
	// the shell's read takes no more than a line
	command := "for i in 1 2 3 4 5 6 7; do read -r x || exit 0; echo \"$x\" >>'" + path + "'; done; exit 1"
	d := &dones{}
	q := NewQueue(NewProgram(command, true, false), Options{Log: quiet(), Timeout: 30 * time.Second})
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprint("alert ", i))
	}
	q.Write(batch(lines[:60]...), d.one)
	q.Write(batch(lines[60:]...), d.one)
	if err := q.Close(); err != nil || d.ok != 2 {
		t.Errorf("Close = %v, %d dones; want nil and 2", err, d.ok)
	}
	if got, _ := os.ReadFile(path); string(got) != strings.Join(lines, "\n")+"\n" {
		t.Errorf("the program got %q", got)
	}
	if c := q.Counts(); c.Delivered != 100 || c.Failed != 0 || c.Retried < 14 {
		t.Errorf("counts %+v, want 100 delivered, 14 or more retried", c)
	}
}

// A program without keep_alive succeeds if it says so, whether it has read the alert or not.
func TestProgramThatReadsNothing(t *testing.T) {
	shell(t)
	p := NewProgram("exit 0", false, false)
	for range 20 { // the write meets a pipe with or without a reader
		if n, err := p.Write(context.Background(), batch(strings.Repeat("x", 1<<17))); n != 1 || err != nil {
			t.Fatalf("Write = %d, %v; want 1 and nil", n, err)
		}
	}
}

// A program that does not read is given up when ctx is done.
func TestProgramBlocks(t *testing.T) {
	shell(t)
	for _, keep := range []bool{false, true} {
		fifo := newFIFO(t)
		p := NewProgram("exec cat '"+fifo+"'", keep, false) // reads something else
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		if n, err := p.Write(ctx, batch(strings.Repeat("x", 1<<17), "b")); n != 0 || err == nil {
			t.Errorf("keep alive %v: Write = %d, %v; want 0 and an error", keep, n, err)
		}
		cancel()
		f, err := os.OpenFile(fifo, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.Close() // which ends the program
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}
