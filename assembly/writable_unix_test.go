// SPDX-License-Identifier: Apache-2.0

//go:build unix

package assembly

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/config"
)

func TestOthersWrite(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "f")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := func(path string, mode os.FileMode, want bool) {
		t.Helper()
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if got := othersWrite(path); got != want {
			t.Errorf("%s with mode %v: writable by others %v, want %v", path, mode, got, want)
		}
	}
	f(file, 0o644, false)
	f(file, 0o646, true)
	f(file, 0o602, true)
	f(file, 0o664, os.Getgid() != 0)
	f(dir, 0o755, false)
	f(dir, 0o777, true)
	f(dir, 0o777|os.ModeSticky, false)
	if othersWrite("/nonexistent") || othersWrite("/dev/null") {
		t.Error("what is no file or folder is writable by others")
	}
}

// TestWarnWritable: root is warned of every file that others could change.
func TestWarnWritable(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root is warned")
	}
	dir := t.TempDir()
	path := func(name, text string, mode os.FileMode) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(p, mode); err != nil {
			t.Fatal(err)
		}
		return p
	}
	rules := path("r.yaml", "- {list: l, items: []}\n", 0o666)
	safe := path("safe.yaml", "- {list: m, items: []}\n", 0o644)
	conf := path("c.yaml", "rules_files: ["+rules+", "+safe+"]\n", 0o602)
	cfg, err := config.Load(conf, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	log := slog.New(slog.NewTextHandler(&lines, nil))
	a, err := Build(cfg, Options{Upto: Compiled, Log: log, PluginLog: log})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"configuration file " + conf + " is writable by others", "rules file " + rules + " is writable by others"} {
		if !strings.Contains(lines.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, &lines)
		}
	}
	if strings.Contains(lines.String(), "safe.yaml is writable") {
		t.Errorf("a safe file is warned about:\n%s", &lines)
	}
}
