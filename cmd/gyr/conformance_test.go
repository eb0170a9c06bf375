// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/internal/cbuild"
)

// TestConformance runs the whole of gyr, with the probe plugin as a shared library, on the
// recorded rules and events, and compares every alert with the line that Falco printed: 0.44.1 in
// testdata/conformance, 0.45 in the folder below; rules and events lie with packages rules and filter.
func TestConformance(t *testing.T) {
	probe := cbuild.Library(t, "probe.c")
	events, err := filepath.Abs("../../filter/testdata/conformance/events.txt")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("FALCO_HOSTNAME", "conformance")
	for corpus, falco := range map[string]string{
		"generated": `"0.44"`, "edge-cases": `"0.44"`, "0.45/generated": `"0.45"`, "0.45/edge-cases": "0.45",
	} {
		t.Run(corpus, func(t *testing.T) {
			cfg := filepath.Join(t.TempDir(), "falco.yaml")
			text := fmt.Sprintf(conformanceConfig, probe, events, filepath.Join("../../rules/testdata", filepath.Base(corpus), "rules.yaml"))
			if !strings.HasSuffix(falco, `5"`) { // the default
				text += "falco_compatibility: " + falco + "\n"
			}
			if err := os.WriteFile(cfg, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var stdout, stderr bytes.Buffer
			if code := execute([]string{"--disable-source", "syscall", "-c", cfg}, &stdout, &stderr); code != 0 {
				t.Fatalf("exit status %d: %s", code, stderr.String())
			}
			compareLines(t, &stdout, recorded(t, corpus))
		})
	}
}

const conformanceConfig = `engine: {kind: nodriver}
plugins: [{name: probe, library_path: %q, init_config: "", open_params: %q}]
rules_files: [%q]
rule_matching: all
json_output: true
json_include_message_property: true
stdout_output: {enabled: true}
syslog_output: {enabled: false}
log_syslog: false
time_format_iso_8601: true
output_timeout: 60000
`

func recorded(t *testing.T, corpus string) io.Reader {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "conformance", corpus+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// compareLines compares the alerts, in their order; what is no alert is passed over.
func compareLines(t *testing.T, got, want io.Reader) {
	t.Helper()
	next := func(s *bufio.Scanner) string {
		for s.Scan() {
			if strings.HasPrefix(s.Text(), "{") {
				return s.Text()
			}
		}
		return ""
	}
	scanner := func(r io.Reader) *bufio.Scanner {
		s := bufio.NewScanner(r)
		s.Buffer(nil, 1<<20)
		return s
	}
	g, w := scanner(got), scanner(want)
	n, bad := 0, 0
	for {
		a, b := next(g), next(w)
		if a == "" && b == "" {
			break
		}
		n++
		if a != b {
			t.Errorf("alert %d:\n got %s\nwant %s", n, a, b)
			if bad++; bad == 3 {
				t.Fatal("and no further")
			}
		}
	}
	if n < 6000 {
		t.Errorf("%d alerts compared, want thousands", n)
	}
}
