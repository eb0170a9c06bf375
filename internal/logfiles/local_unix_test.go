// SPDX-License-Identifier: Apache-2.0

//go:build unix

package logfiles

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A file that a FIFO has taken the place of is refused at once.
func TestReadReplaced(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.txt", numbered(0, 1, 0))
	path := filepath.Join(dir, "a.txt")
	f, err := openLocal(t, path).Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := f.Open(context.Background())
	if err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("got %v", err)
	}
	if r != nil {
		_, _ = io.Copy(io.Discard, r)
	}
}
