// SPDX-License-Identifier: Apache-2.0

package pluginenv

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
)

func TestAdditions(t *testing.T) {
	for _, c := range []struct{ environ, want []string }{
		{[]string{"HOME=/"}, []string{"GOGC=400", "GOMAXPROCS=8", "GODEBUG=madvdontneed=0", "GYR_PLUGIN_ENV=GOGC,GOMAXPROCS,GODEBUG"}},
		{[]string{"GOGC=50", "GOGCX=1"}, []string{"GOMAXPROCS=8", "GODEBUG=madvdontneed=0", "GYR_PLUGIN_ENV=GOMAXPROCS,GODEBUG"}},
		{[]string{"GOMAXPROCS=", "GODEBUG=x=1"}, []string{"GOGC=400", "GYR_PLUGIN_ENV=GOGC"}},
		{[]string{"GOGC=off", "GOMAXPROCS=2", "GODEBUG="}, nil},
		{[]string{"GYR_PLUGIN_ENV=GOGC"}, nil},
	} {
		got := Additions(c.environ, 2)
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.environ, got, c.want)
		}
		before := slices.Clone(c.environ)
		if again := Additions(slices.Concat(c.environ, got), 2); got != nil && again != nil {
			t.Errorf("%q: adds %q once more", c.environ, again)
		}
		if got != nil {
			if clean := Clean(slices.Concat(c.environ, got)); !slices.Equal(clean, before) {
				t.Errorf("%q: after Clean %q", before, clean)
			}
		}
	}
}

func TestGoIsRecognized(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if !isGo(self) {
		t.Error("this test is not taken for something that Go built")
	}
	text := filepath.Join(t.TempDir(), "libtext.so")
	if err := os.WriteFile(text, []byte("\x7fELF"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{text, filepath.Join(t.TempDir(), "none.so")} {
		if isGo(path) {
			t.Errorf("%s is taken for something that Go built", path)
		}
	}
}

func TestSettle(t *testing.T) {
	if got := Settle(); got != nil {
		t.Errorf("nothing was added: got %q", got)
	}
	t.Setenv("GOGC", "400")
	t.Setenv("GOMAXPROCS", "77")
	t.Setenv(Marker, "GOGC,GOMAXPROCS")
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(77))
	if got, want := Settle(), []string{"GOGC=400", "GOMAXPROCS=77"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := debug.SetGCPercent(100); n != 100 {
		t.Errorf("the heap grows by %d percent", n)
	}
	if n := runtime.GOMAXPROCS(0); n == 77 {
		t.Errorf("GOMAXPROCS is still %d", n)
	}
}
