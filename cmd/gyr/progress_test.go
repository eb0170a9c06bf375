// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The device that swallows everything is no terminal, also under the name that standard
// error has.
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
		if terminal(f) {
			t.Errorf("%s is taken for a terminal", name)
		}
		f.Close()
	}
}
