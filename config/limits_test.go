// SPDX-License-Identifier: Apache-2.0

package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The files of a folder follow in the order of their names: the last one wins.
func TestFilesOfAFolderInOrder(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "conf.d")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"falco.yaml": "config_files: [" + folder + "]\npriority: debug\n", "conf.d/10-b.yaml": "priority: error\n", "conf.d/20-a.yaml": "priority: warning\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(filepath.Join(dir, "falco.yaml"), Options{Getenv: noEnv})
	if err != nil {
		t.Fatal(err)
	}
	if c.Priority != 4 {
		t.Errorf("priority %d, want 4, that of the last file", c.Priority)
	}
}

// Durations whose parts fit and whose sum does not are the longest there is.
func TestDurationsThatOverflow(t *testing.T) {
	const most = time.Duration(1<<63 - 1)
	for _, text := range []string{"250y2500w", "292y365d", "9223372036s999999999ms", "99999999999999999999y"} {
		if got := toDuration(text); got != most {
			t.Errorf("%s: got %v, want %v", text, got, most)
		}
	}
}

// What an alias stands for is as deep as if it were written there.
func TestDepthOfAliases(t *testing.T) {
	nested := func(n int, inner string) string { return strings.Repeat("[", n) + inner + strings.Repeat("]", n) }
	f := func(text string, ok bool) {
		t.Helper()
		if _, err := parse("c.yaml", text); (err == nil) != ok {
			t.Errorf("%.20s...: got %v", text, err)
		}
	}
	f("a: &a "+nested(90, "1")+"\nb: "+nested(90, "*a"), true)
	f("a: &a "+nested(150, "1")+"\nb: "+nested(100, "*a"), false)
}
