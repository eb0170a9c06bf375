// SPDX-License-Identifier: Apache-2.0

//go:build unix

package output

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A stream that nobody can read any more is gone.
func TestStdoutWithoutReader(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	var lines safeBuffer
	d := &dones{}
	q := NewQueue(NewStdout(w, false), Options{Log: logTo(&lines)})
	read := bufio.NewReader(r)
	q.Write(batch("a"), d.one)
	if line, err := read.ReadString('\n'); line != "a\n" {
		t.Fatalf("read %q, %v", line, err)
	}
	r.Close()
	for range 5 {
		q.Write(batch("b"), d.one)
	}
	if err := q.Close(); err != nil {
		t.Error(err)
	}
	if c := q.Counts(); c != (Counts{Queued: 6, Delivered: 1, Failed: 5}) || d.ok != 6 {
		t.Errorf("counts %+v, %d dones; want 1 delivered, 5 failed, 6", c, d.ok)
	}
	if n := strings.Count(lines.String(), "\n"); n != 1 || !strings.Contains(lines.String(), "broken pipe; this output is given up") {
		t.Errorf("%d lines, want one:\n%s", n, lines.String())
	}
}

// newFIFO makes a FIFO.
func newFIFO(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no FIFOs: ", err)
	}
	return path
}

// A FIFO is waited for until it has a reader, and again until it has the next. Nothing is
// written into it but lines.
func TestFileIsAFIFO(t *testing.T) {
	path := newFIFO(t)
	q := NewQueue(NewFile(path, true, false), Options{Log: quiet(), Timeout: 30 * time.Second})
	q.Write(batch("a"), nothing)
	for _, line := range []string{"a", "b", "c"} {
		r, err := os.OpenFile(path, os.O_RDONLY, 0) // waits for the writer
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 100)
		if n, err := r.Read(buf); string(buf[:n]) != line+"\n" {
			t.Errorf("read %q, %v; want %q", buf[:n], err, line)
		}
		r.Close()
		q.Write(batch(string(line[0]+1)), nothing)
	}
	r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := q.Close(); err != nil {
		t.Error(err)
	}
	if c := q.Counts(); c.Delivered != 4 {
		t.Errorf("counts %+v, want 4 delivered", c)
	}
}

// A write into a FIFO that nobody reads ends with its context.
func TestFIFOIsFull(t *testing.T) {
	path := newFIFO(t)
	r, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	o := NewFile(path, true, true)
	defer o.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	line := strings.Repeat("x", 1000)
	for err == nil {
		_, err = o.Write(ctx, batch(line))
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("error %v, want %v", err, os.ErrDeadlineExceeded)
	}
}

// What can take nothing is tried again, and is no reason to write anything else there.
func TestFileIsADevice(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full: ", err)
	}
	q := NewQueue(NewFile("/dev/full", true, false), Options{Log: quiet(), Timeout: 50 * time.Millisecond})
	q.Write(batch("a", "b"), nothing)
	if err := q.Close(); !errors.Is(err, ErrClosed) {
		t.Errorf("Close = %v, want %v", err, ErrClosed)
	}
	if c := q.Counts(); c.Failed != 2 || c.Retried == 0 {
		t.Errorf("counts %+v, want 2 failed, some retried", c)
	}
}
