// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestOutputErasesTheBar: what is written to the terminal stands above the bar.
func TestOutputErasesTheBar(t *testing.T) {
	var tty bytes.Buffer
	s := &Screen{tty: &tty}
	w := &above{s, &tty}
	s.Draw("BAR")
	for _, line := range []string{"line 1\n", "line 2\n"} {
		if _, err := w.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	s.Draw("BAR")
	if want := eraseLine + "BAR" + eraseLine + "line 1\nline 2\n" + eraseLine + "BAR"; tty.String() != want {
		t.Errorf("terminal got %q, want %q", tty.String(), want)
	}
}

// TestNoTerminal: a pipe or a file gets no bar.
func TestNoTerminal(t *testing.T) {
	var out bytes.Buffer
	s := New(&out)
	if s.Above(&out) != &out {
		t.Error("a writer that is no terminal is wrapped")
	}
	s.Draw("BAR")
	s.Watch(func() string { t.Error("asked for a bar that nobody sees"); return "BAR" })()
	s.Erase()
	if s.Draws() || out.Len() > 0 {
		t.Errorf("drawn on what is no terminal: %q", out.String())
	}
}

// TestWatch: the bar is drawn ten times a second, and looked for once a second while there
// is none.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tty bytes.Buffer
		s := &Screen{tty: &tty}
		var mu sync.Mutex
		bar, calls := "", 0
		stop := s.Watch(func() string {
			mu.Lock()
			defer mu.Unlock()
			calls++
			return bar
		})
		time.Sleep(5050 * time.Millisecond) // of the bubble's clock
		mu.Lock()
		idle := calls
		bar, calls = "BAR", 0
		mu.Unlock()
		time.Sleep(2 * time.Second)
		stop()
		if idle > 6 || calls < 10 || calls > 20 {
			t.Errorf("%d looks in 5 s without a bar, %d draws in 2 s with one, want 5 and 10 to 20", idle, calls)
		}
		if !bytes.HasSuffix(tty.Bytes(), []byte("BAR"+eraseLine)) {
			t.Errorf("the bar is not removed: %q", tty.String())
		}
	})
}

func TestWords(t *testing.T) {
	for n, want := range map[uint64]string{0: "0 alerts", 1: "1 alert", 999: "999 alerts", 1000: "1,000 alerts", 1234567: "1,234,567 alerts"} {
		if got := Plural(n, "alert"); got != want {
			t.Errorf("Plural(%d) = %s, want %s", n, got, want)
		}
	}
	for share, want := range map[float64]string{
		-1: "[..............................]   0 %", 0.5: "[###############...............]  50 %", 2: "[##############################] 100 %",
	} {
		if got := Bar(share); got != want {
			t.Errorf("Bar(%v) = %q, want %q", share, got, want)
		}
	}
}

// The null device is no terminal, also under the name that standard error has.
func TestTerminal(t *testing.T) {
	renamed := filepath.Join(t.TempDir(), "stderr")
	if err := os.Symlink(os.DevNull, renamed); err != nil {
		t.Skip("no links here: ", err)
	}
	for _, name := range []string{os.DevNull, renamed, filepath.Join(t.TempDir(), "file")} {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if Terminal(f) {
			t.Errorf("%s is taken for a terminal", name)
		}
		f.Close()
	}
}

// TestNarrow: a bar never takes a second line, which would not be erased.
func TestNarrow(t *testing.T) {
	var tty bytes.Buffer
	s := &Screen{tty: &tty, width: func() int { return 40 }}
	s.Draw(s.Bar(0.5) + "  3/6 files  12,345,678 events, 1,234 alerts")
	if got, want := strings.TrimPrefix(tty.String(), eraseLine), "[#####.....]  50 %  3/6 files  12,345,6"; got != want {
		t.Errorf("drawn %q, want %q", got, want)
	}
}

func TestWidth(t *testing.T) {
	for columns, want := range map[string]int{"40": 40, "": 0, "x": 0, "-1": 0} {
		t.Setenv("COLUMNS", columns)
		if got := Width(new(bytes.Buffer)); got != want {
			t.Errorf("COLUMNS=%q: width %d, want %d", columns, got, want)
		}
	}
}

// TestPaint: colours are only for terminals.
func TestPaint(t *testing.T) {
	if Painting(new(bytes.Buffer)) {
		t.Error("what is no terminal is painted")
	}
	if got := Paint(true).Text(Red, "x"); got != "\x1b[31mx\x1b[0m" {
		t.Errorf("painted %q", got)
	}
	if got := Paint(false).Text(Red, "x"); got != "x" {
		t.Errorf("not painted %q", got)
	}
}
