// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	l, err := LockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LockFile(path); !errors.Is(err, ErrInUse) {
		t.Errorf("second lock: got %v", err)
	}
	if err := l.Unlock(); err != nil {
		t.Error(err)
	}
	if err := l.Unlock(); err != nil {
		t.Errorf("again: %v", err)
	}
	again, err := LockFile(path)
	if err != nil {
		t.Fatalf("after Unlock: %v", err)
	}
	again.Unlock()
	if _, err := LockFile(filepath.Join(path, "x")); err == nil || errors.Is(err, ErrInUse) {
		t.Errorf("no folder: got %v", err)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	if data, err := Read(path); data != nil || err != nil {
		t.Errorf("no file: got %q, %v", data, err)
	}
	for _, text := range []string{"one", "", "three"} {
		if err := Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if data, err := Read(path); string(data) != text || err != nil {
			t.Errorf("got %q, %v, want %q", data, err, text)
		}
	}
	list, _ := os.ReadDir(dir)
	if len(list) != 1 {
		t.Errorf("got %d files, want the one", len(list))
	}
}

// A write that fails leaves the old content and nothing else.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o755); err != nil { // cannot be replaced
		t.Fatal(err)
	}
	if err := Write(path, []byte("x")); err == nil {
		t.Error("got no error")
	}
	if _, err := os.Stat(path + ".new"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the new file stays: %v", err)
	}
	if err := Write(filepath.Join(dir, "no", "state"), nil); err == nil {
		t.Error("no folder: got no error")
	}
}
