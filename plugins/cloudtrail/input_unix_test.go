// SPDX-License-Identifier: Apache-2.0

//go:build unix

package cloudtrail

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// FIFOs, devices and folders are no log files, whether they have the name of one or a link has.
func TestReadSpecialFiles(t *testing.T) {
	dir := t.TempDir()
	writeLog(t, dir, "a.json", numbered(0, 2)...)
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"fifo", "pipe.json", "pipe.json.gz"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{
		"link.json": "fifo", "link.json.gz": "pipe.json.gz", "chain.json": "link.json", "null.json": "/dev/null",
		"zero.json.gz": "/dev/zero", "folder.json": "folder",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	s, log := open(t, dir)
	got := readAll(t, s, 10)
	s.Close()
	if want := numbered(0, 2); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	checkMetrics(t, s, "files_read 1", "records_read 2")
	if log.Len() > 0 {
		t.Errorf("got log %s, want none", log)
	}
	for _, name := range []string{"link.json", "null.json", "pipe.json"} {
		if _, err := openLocal(filepath.Join(dir, name), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "no json files") {
			t.Errorf("%s alone: got %v", name, err)
		}
	}
}
