// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/config"
)

func TestSelected(t *testing.T) {
	known := []string{"syscall", "a", "b"}
	f := func(enable, disable, want string) {
		t.Helper()
		got, err := selected(known, strings.Fields(enable), strings.Fields(disable))
		if err != nil {
			got = []string{err.Error()}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("enable %q, disable %q: %q, want %q", enable, disable, got, want)
		}
	}
	f("", "", "syscall a b")
	f("b", "", "b")
	f("b syscall", "", "syscall b")
	f("", "syscall", "a b")
	f("", "a a", "syscall b")
	f("", "a b syscall", "Must enable at least one event source")
	f("c", "", "Attempted enabling an unknown event source: c")
	f("", "c", "Attempted disabling an unknown event source: c")
	f("a", "b", "You can not mix --enable-source and --disable-source")
}

func TestLibraryNames(t *testing.T) {
	f := func(path, label string, want ...string) {
		t.Helper()
		if got := namesOf(config.Plugin{Name: label, LibraryPath: path}); !slices.Equal(got, want) {
			t.Errorf("names of %s labelled %s: %q, want %q", path, label, got, want)
		}
	}
	f("/usr/share/falco/plugins/libcloudtrail.so", "x", "cloudtrail", "libcloudtrail", "x")
	f("aws_cloudtrail/", "label", "aws_cloudtrail", "aws_cloudtrail", "label")
	f("json.so", "", "json", "json", "")
}

func TestExpandRules(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"b.yaml", "a.yml", "c.txt"} {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub.yaml"), 0o755); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	got, leftOut, err := expandRules([]string{dir, "x.yaml", "x.rules", empty})
	want := []string{filepath.Join(dir, "a.yml"), filepath.Join(dir, "b.yaml"), "x.yaml"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("rules files %q (%v), want %q", got, err, want)
	}
	want = []string{
		"Rules file x.rules is left out: rules files are named *.yaml or *.yml",
		"Folder " + empty + " has no rules files, which are named *.yaml or *.yml",
	}
	if !slices.Equal(leftOut, want) {
		t.Errorf("left out %q, want %q", leftOut, want)
	}
}
