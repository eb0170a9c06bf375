// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// TestNothingIsLeftRunning runs gyr in this process: every goroutine ends with it.
func TestNothingIsLeftRunning(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	dir := t.TempDir()
	rules, conf := filepath.Join(dir, "r.yaml"), filepath.Join(dir, "c.yaml")
	write(t, rules, "- {rule: r, desc: d, condition: dummy.value > 0, output: o %evt.num, priority: INFO, source: dummy}\n")
	write(t, conf, "plugins: [{name: dummy, library_path: libdummy-of-nobody.so}]\nstdout_output: {enabled: true}\nlog_syslog: false\nrules_files: ["+rules+"]\n")
	var out, errs bytes.Buffer
	if status := execute([]string{"-c", conf, "--plugins-dir", dir}, &out, &errs); status != 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	if !strings.Contains(out.String(), "Events detected: 20\n") {
		t.Errorf("output %q, want 20 alerts", out.String())
	}
	for _, bad := range []string{"-c " + conf + " --dry-run --zork", "-c " + conf + " -o plugins[0].open_params=x"} {
		if status := execute(strings.Fields(bad), &out, &errs); status != 1 {
			t.Errorf("gyr %s: status %d, want 1", bad, status)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// execute runs gyr within this process.
func execute(args []string, stdout, stderr io.Writer) int {
	return newApp(stdout, stderr).execute(args)
}

// TestValidateWithoutConfig checks that -V has the built-in plugins if there is no
// configuration.
func TestValidateWithoutConfig(t *testing.T) {
	if _, err := os.Stat(defaultConfig); err == nil {
		t.Skipf("there is a configuration at %s", defaultConfig)
	}
	rules := filepath.Join(t.TempDir(), "r.yaml")
	for condition, want := range map[string]struct {
		status      int
		out, errors string
	}{
		"ct.name = GetObject": {0, "r.yaml: Ok\n", ""},
		"ct.nam = GetObject":  {1, "r.yaml: Invalid\n", "did you mean ct.name?"},
	} {
		write(t, rules, "- {rule: r, desc: d, condition: "+condition+", output: o, priority: INFO, source: aws_cloudtrail}\n")
		var out, errs bytes.Buffer
		status := execute([]string{"-V", rules}, &out, &errs)
		if status != want.status || !strings.Contains(out.String(), want.out) || !strings.Contains(errs.String(), want.errors) {
			t.Errorf("%s: status %d\n%s\n%s", condition, status, out.String(), errs.String())
		}
	}
}
