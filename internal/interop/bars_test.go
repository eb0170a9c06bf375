// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package interop

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var bars = flag.Bool("bars", false, "hold the speed against what is promised")

// What a call costs: twelve constant texts per event, the reading of events included.
func TestBarsConstants(t *testing.T) {
	if !*bars {
		t.Skip("measures speed, which other tests disturb: make bars")
	}
	plugins := constantPlugins(t)
	for name, want := range map[string]time.Duration{"linked": 100, "c++": 150, "go": 600} {
		got := fastest(reader(t, plugins[name], "1000000000", 12))
		t.Logf("%s: %v per event, wanted at most %v", name, got, want)
		if got > want {
			t.Errorf("%s: %v per event, want at most %v", name, got, want)
		}
	}
	t.Logf("public Go SDK: %v per event", fastest(reader(t, plugins["public-sdk"], "", 12)))
}

// cppLibrary builds a plugin of the C++ SDK, as its README says.
func cppLibrary(tb testing.TB, source string) string {
	tb.Helper()
	const root = "../.."
	dir, err := os.MkdirTemp("", "gyr-interop") // a loaded library stays loaded: no tb.TempDir
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	out := filepath.Join(dir, "lib.so")
	cmd := exec.Command("c++", "-std=c++17", "-O2", "-shared", "-fPIC", "-I", root+"/sdk-cpp/include", "-I", root+"/abi", "-o", out, filepath.Join(root, source))
	if text, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%v: %v\n%s", cmd.Args, err, text)
	}
	return out
}
