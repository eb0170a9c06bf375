// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// all has a destination write the alerts, without trying anything again.
func all(d Destination, alerts []alert.Alert) error {
	for len(alerts) > 0 {
		n, err := d.Write(context.Background(), alerts)
		if err != nil {
			return err
		}
		alerts = alerts[n:]
	}
	return nil
}

// pieces keeps what is written, a write each.
type pieces []string

func (p *pieces) Write(b []byte) (int, error) { *p = append(*p, string(b)); return len(b), nil }

// Lines are written together, but never so that a pipe could split one that fits into it.
func TestLinesStayWhole(t *testing.T) {
	var texts []string
	for i := range 60 {
		texts = append(texts, strings.Repeat("x", 150*i)) // up to 8,850 bytes
	}
	f := func(buffered bool, size, writes int) {
		t.Helper()
		var w pieces
		if err := all(NewStdout(&w, buffered), batch(texts...)); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Join(w, ""), strings.Join(texts, "\n")+"\n"; got != want {
			t.Errorf("%d bytes written, want %d, or others", len(got), len(want))
		}
		for _, p := range w {
			if lines := strings.Count(p, "\n"); !strings.HasSuffix(p, "\n") || len(p) > size && lines > 1 {
				t.Errorf("a write of %d bytes with %d lines", len(p), lines)
			}
		}
		if len(w) > writes {
			t.Errorf("%d writes of 60 lines, want at most %d", len(w), writes)
		}
	}
	f(false, wholeWrite, 50)
	f(true, largeWrite, 5)
}

func TestFile(t *testing.T) {
	for _, keep := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "out.txt")
		if err := os.WriteFile(path, []byte("old\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		o := NewFile(path, keep, false)
		if err := all(o, batch("a", "b")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path, path+".1"); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(o.Reopen(), all(o, batch("c")), o.Close()); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{path + ".1": "old\na\nb\n", path: "c\n"} {
			if got, err := os.ReadFile(name); err != nil || string(got) != want {
				t.Errorf("keep alive %v: %s has %q (%v), want %q", keep, filepath.Base(name), got, err, want)
			}
		}
	}
	err := all(NewFile(filepath.Join(t.TempDir(), "no", "dir"), false, false), batch("a"))
	if err == nil || !strings.Contains(err.Error(), "failed to open output file ") {
		t.Errorf("error for a file that cannot be opened = %v", err)
	}
}

// A line that somebody left unfinished is ended when the file is opened.
func TestFileEndsAnUnfinishedLine(t *testing.T) {
	for old, want := range map[string]string{"": "a\nb\n", "x": "x\na\nb\n", "x\n": "x\na\nb\n"} {
		for _, keep := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "out.txt")
			if err := os.WriteFile(path, []byte(old), 0o644); err != nil {
				t.Fatal(err)
			}
			o := NewFile(path, keep, false)
			if err := errors.Join(all(o, batch("a")), all(o, batch("b")), o.Close()); err != nil {
				t.Fatal(err)
			}
			if got, _ := os.ReadFile(path); string(got) != want {
				t.Errorf("keep alive %v: a file with %q has %q, want %q", keep, old, got, want)
			}
		}
	}
	// somebody else leaves one between two openings of ours
	path := filepath.Join(t.TempDir(), "out.txt")
	o := NewFile(path, false, false)
	if err := all(o, batch("a")); err != nil {
		t.Fatal(err)
	}
	appendTo(t, path, "other")
	if err := all(o, batch("b")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "a\nother\nb\n" {
		t.Errorf("the file has %q, want the other's line ended", got)
	}
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// fullDisk is a file on a disk with room for so many bytes.
type fullDisk struct {
	*os.File
	room *int
}

func (f fullDisk) Write(p []byte) (int, error) {
	n, err := f.File.Write(p[:min(len(p), *f.room)])
	*f.room -= n
	if err == nil && n < len(p) {
		err = &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return n, err
}

// newFullDisk returns a destination for a file on such a disk.
func newFullDisk(path string, keep bool, room *int) *File {
	o := NewFile(path, keep, false)
	o.create = func(path string) (diskFile, error) {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return nil, err
		}
		return fullDisk{f, room}, nil
	}
	return o
}

// For every amount of room, and some more each time: no line is lost, torn or doubled.
func TestFileOnAFullDisk(t *testing.T) {
	lines := []string{"first", "second line", "", "fourth"}
	want := strings.Join(lines, "\n") + "\n"
	for _, keep := range []bool{false, true} {
		for first := range len(want) {
			for more := 1; more < 8; more++ {
				room := first
				path := filepath.Join(t.TempDir(), "out.txt")
				o := newFullDisk(path, keep, &room)
				alerts := batch(lines...)
				for len(alerts) > 0 {
					n, err := o.Write(context.Background(), alerts)
					if err != nil && !errors.Is(err, syscall.ENOSPC) {
						t.Fatal(err)
					}
					alerts = alerts[n:]
					room += more
				}
				_ = o.Close()
				if got, _ := os.ReadFile(path); string(got) != want {
					t.Fatalf("keep alive %v, room for %d, then %d each time: %q, want %q", keep, first, more, got, want)
				}
			}
		}
	}
}

// What happens to a torn line before there is room again.
func TestTornLine(t *testing.T) {
	f := func(name string, between func(o *File, path string), next, want string) {
		t.Helper()
		room := 5
		path := filepath.Join(t.TempDir(), "out.txt")
		o := newFullDisk(path, true, &room)
		if n, err := o.Write(context.Background(), batch("a", "bcdef")); n != 1 || err == nil {
			t.Fatalf("a write to a full disk: %d, %v; want 1 and an error", n, err)
		}
		room = 1000
		between(o, path)
		if err := errors.Join(all(o, batch(next, "g")), o.Close()); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	f("nothing", func(*File, string) {}, "bcdef", "a\nbcdef\ng\n")
	f("the alert was given up", func(*File, string) {}, "next", "a\nbcdef\nnext\ng\n")
	f("somebody else wrote", func(_ *File, path string) { appendTo(t, path, "other\n") }, "bcdef", "a\nbcdother\n\nbcdef\ng\n")
	f("reopened", func(o *File, _ string) {
		if err := o.Reopen(); err != nil {
			t.Error(err)
		}
	}, "bcdef", "a\nbcd\nbcdef\ng\n")
	f("rotated", func(o *File, path string) {
		if err := errors.Join(os.Rename(path, path+".1"), o.Reopen()); err != nil {
			t.Error(err)
		}
	}, "bcdef", "bcdef\ng\n")
}

// The queue keeps what a full disk does not take, and counts nothing twice.
func TestQueueOnAFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.txt")
	synctest.Test(t, func(t *testing.T) {
		room := 10
		var lines safeBuffer
		q := NewQueue(newFullDisk(path, true, &room), Options{Log: logTo(&lines)})
		q.Write(batch("one", "two", "three"), nothing)
		time.Sleep(time.Minute)
		if c := q.Counts(); c.Delivered != 2 || c.Failed != 0 || c.Retried < 5 {
			t.Errorf("counts %+v while the disk is full, want 2 delivered and some retried", c)
		}
		if n := strings.Count(lines.String(), "no space left on device; will try again"); n == 0 || n > 5 {
			t.Errorf("%d lines about the full disk:\n%s", n, lines.String())
		}
		synctest.Wait()
		room = 1000
		if err := q.Close(); err != nil {
			t.Error(err)
		}
		if c := q.Counts(); c.Delivered != 3 || c.Failed != 0 {
			t.Errorf("counts %+v, want 3 delivered", c)
		}
	})
	if got, _ := os.ReadFile(path); string(got) != "one\ntwo\nthree\n" {
		t.Errorf("the file has %q", got)
	}
}
