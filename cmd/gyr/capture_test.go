// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/plugins/cloudtrail"
	"github.com/gyr-dev/gyr/plugins/dummy"
	"github.com/gyr-dev/gyr/sdk"
)

const trail = `{"eventVersion":"1.08","eventTime":"2024-01-02T03:04:05Z","eventName":"ConsoleLogin","eventSource":"signin.amazonaws.com","awsRegion":"us-east-1","eventID":"1","eventType":"AwsApiCall","userIdentity":{"type":"IAMUser","userName":"bob"}}
{"eventVersion":"1.08","eventTime":"2024-01-02T03:04:06Z","eventName":"DeleteBucket","eventSource":"s3.amazonaws.com","awsRegion":"us-east-1","eventID":"2","eventType":"AwsApiCall","userIdentity":{"type":"IAMUser","userName":"alice"}}
`

// TestCapture takes log lines through every subcommand.
func TestCapture(t *testing.T) {
	was := assembly.BuiltIn
	assembly.BuiltIn = []sdk.Factory{cloudtrail.New, dummy.New}
	t.Cleanup(func() { assembly.BuiltIn = was })
	t.Chdir(t.TempDir())
	if err := os.WriteFile("trail.jsonl", []byte(trail), 0o600); err != nil {
		t.Fatal(err)
	}
	rule := "- rule: deleted\n  desc: d\n  condition: ct.name = DeleteBucket\n  output: by %ct.user\n  priority: ERROR\n  source: aws_cloudtrail\n"
	if err := os.WriteFile("rules.yaml", []byte(rule), 0o600); err != nil {
		t.Fatal(err)
	}
	config := "plugins:\n  - name: cloudtrail\n    library_path: libcloudtrail.so\nload_plugins: [cloudtrail]\nstdout_output: {enabled: true}\n"
	if err := os.WriteFile("falco.yaml", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	f := func(args string, status int, want ...string) {
		t.Helper()
		var out bytes.Buffer
		if got := execute(append([]string{"capture"}, strings.Split(args, "|")...), &out, &out); got != status {
			t.Errorf("gyr capture %s: status %d, want %d:\n%s", args, got, status, &out)
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("gyr capture %s: output has no %q:\n%s", args, w, &out)
			}
		}
	}
	f("convert|trail.jsonl|--plugin|cloudtrail|-w|t.scap", 0, "2 of 2 lines")
	f("info|t.scap", 0, "events:      2", "cloudtrail, source aws_cloudtrail: 2 events", "recorded by")
	f("info|t.scap|--json", 0, `"events":2`)
	f("cat|t.scap", 0, "1 2024-01-02", "bob", "alice")
	f("cat|t.scap|ct.user = alice|-f|ct.name", 0, "ct.name=DeleteBucket")
	f("cat|t.scap|ct.user = alice|--json|-f|ct.name", 0, `"ct.name":"DeleteBucket"`)
	f("cat|t.scap|ct.nosuch = 1", 1, "ct.nosuch", "left out")
	// places of errors are those in the text that was typed
	f("cat|t.scap|ct.name   =  a and\n ct.nmae = 1", 1, "Error: condition:2:2: filter_check called with nonexistent field ct.nmae\n     ct.nmae = 1\n     ^\n    did you mean ct.name?\n")
	f("cat|t.scap|ct.name =   (", 1, "condition:1:13: ")
	f("cat|t.scap|-f|ct.nmae", 1, "Error: field ct.nmae: the event source aws_cloudtrail has no such field; did you mean ct.name?")
	f("filter|t.scap|ct.user = bob|-w|bob.scap", 0, "1 events written")
	f("cat|bob.scap", 0, "ConsoleLogin")
	f("filter|bob.scap|ct.user = bob|-w|bob.scap", 1, "both read and written")
	f("record|--plugin|dummy|--open|{\"start\":1,\"maxEvents\":3}|-w|d.scap|--no-compress", 0, "3 events written")
	f("merge|d.scap|t.scap|-w|m.scap", 0, "5 events written")
	f("cat|m.scap|evt.num > 0|-f|evt.source", 0, "1 2024", "evt.source=dummy")
	f("replay|t.scap|-c|falco.yaml|-r|rules.yaml", 0, "by alice")
	f("replay|m.scap|-c|falco.yaml|-r|rules.yaml", 1, "plugin ID: 3", "- name: dummy")
	f("replay|none.scap|-c|falco.yaml|-r|rules.yaml", 1, "none.scap")
	f("info|none.scap", 1, "none.scap")
	f("convert|trail.jsonl|--plugin|none|-w|x.scap", 1, "no loaded plugin")

	// what fails leaves the file alone that it was to write
	for _, args := range []string{
		"filter|t.scap|ct.nosuch = 1|-w|old.scap", "filter|none.scap|ct.user = bob|-w|old.scap",
		"merge|t.scap|none.scap|-w|old.scap", "convert|rules.yaml|--plugin|cloudtrail|-w|old.scap",
	} {
		if err := os.WriteFile("old.scap", []byte("old"), 0o640); err != nil {
			t.Fatal(err)
		}
		f(args, 1)
		if data, err := os.ReadFile("old.scap"); string(data) != "old" {
			t.Errorf("gyr capture %s: the file that was there is now %q (%v)", args, data, err)
		}
	}
	if left, err := filepath.Glob("*.tmp"); len(left) > 0 || err != nil {
		t.Errorf("files are left: %q (%v)", left, err)
	}
	// what succeeds takes its place and keeps its mode, also behind a link
	if err := os.Symlink("old.scap", "link.scap"); err != nil {
		t.Fatal(err)
	}
	f("filter|t.scap|ct.user = bob|-w|link.scap", 0, "1 events written to link.scap")
	if info, err := os.Lstat("old.scap"); err != nil || info.Mode() != 0o640 {
		t.Errorf("the file has mode %v (%v), want that of the one before", info.Mode(), err)
	}
	f("cat|old.scap", 0, "ConsoleLogin")

	data, err := os.ReadFile("d.scap")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("cut.scap"), data[:len(data)-5], 0o600); err != nil {
		t.Fatal(err)
	}
	f("cat|cut.scap", 0, "2 ", "Is the file truncated?")
	f("info|cut.scap", 0, "truncated:")
}
