// SPDX-License-Identifier: Apache-2.0

package loader

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The C side is built for Windows, where a compiler for it is at hand: with C99 alone it is
// easy to use what only one system has.
func TestBuildsForWindows(t *testing.T) {
	cc, err := exec.LookPath("x86_64-w64-mingw32-gcc")
	if err != nil {
		t.Skip("there is no compiler for Windows here (Debian: gcc-mingw-w64-x86-64)")
	}
	if testing.Short() {
		t.Skip("a build for another system takes long")
	}
	cmd := exec.Command("go", "build", "-o", filepath.Join(t.TempDir(), "gyr.exe"), "../cmd/gyr")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOOS=windows", "GOARCH=amd64", "CC="+cc)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, text)
	}
}
