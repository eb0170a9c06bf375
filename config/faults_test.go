// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFaults: everything in a file that has no effect is reported, in words.
func TestFaults(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, must(t, text).Warnings); d != "" {
			t.Errorf("warnings of %q (-want +got):\n%s", text, d)
		}
	}
	f("")
	f("json_output: true\nstdout_output: {enabled: yes}\nfalco_libs: {snaplen: 80}")
	f("plugins: [{name: a, library_path: b, init_config: {any: [1, {x: y}]}, open_params: }]")
	f(
		"json_ouput: true\nwebserver:\n  listen_prt: 80\n  enabled: false\nzork: {a: 1}\nJSON_OUTPUT: true",
		"c.yaml:1:1: unknown key json_ouput has no effect; did you mean json_output?",
		"c.yaml:3:3: unknown key webserver.listen_prt has no effect; did you mean webserver.listen_port?",
		"c.yaml:5:1: unknown key zork has no effect",
		"c.yaml:6:1: unknown key JSON_OUTPUT has no effect; did you mean json_output?",
	)
	f(
		"plugins:\n- name: a\n  library_path: b\n  openparams: x\nappend_output:\n- match: {sources: s}",
		"c.yaml:4:3: unknown key plugins[0].openparams has no effect; did you mean plugins[0].open_params?",
		"c.yaml:6:11: unknown key append_output[0].match.sources has no effect; did you mean append_output[0].match.source?",
	)
	// a key in the wrong place
	f("listen_port: 80", "c.yaml:1:1: unknown key listen_port has no effect; did you mean webserver.listen_port?")
	f("webserver: {log_level: info}", "c.yaml:1:13: unknown key webserver.log_level has no effect; did you mean log_level?")
	f("filename: x", "c.yaml:1:1: unknown key filename has no effect; did you mean file_output.filename?")
	// types
	f("json_output: maybe", `c.yaml:1:14: json_output: expected true or false, got "maybe"; using the default, false`)
	f("webserver: {listen_port: high}", `c.yaml:1:26: webserver.listen_port: expected a non-negative integer, got "high"; using the default, 8765`)
	f("output_timeout: -1", `c.yaml:1:17: output_timeout: expected a non-negative integer, got "-1"; using the default, 2000`)
	f("syscall_event_drops: {rate: fast}", `c.yaml:1:29: syscall_event_drops.rate: expected a number, got "fast"; it has no effect`)
	f("rules_files: {a: b}", "c.yaml:1:14: rules_files: expected a list, got a map; it has no effect")
	f("load_plugins: a\nplugins: [{name: a, library_path: b}]", `c.yaml:1:15: load_plugins: expected a list, got "a"; it is treated as a list with one element`)
	f("http_output: [a]", "c.yaml:1:14: http_output: expected a map, got a list; it has no effect")
	f("log_level: [info]", "c.yaml:1:12: log_level: expected a string, got a list; using the default, info")
	f("config_files: [{path: /nonexistent, strategy: replace}]", `c.yaml:1:47: config_files[0].strategy: expected one of append, override, add-only, got "replace"`)
	// values that fit the schema and still do not count
	f("webserver: {listen_port: 70000}", "c.yaml:1:26: webserver.listen_port: expected a number up to 65535, got 70000; using the default, 8765")
	f("http_output: {max_consecutive_timeouts: 300}", "c.yaml:1:41: http_output.max_consecutive_timeouts: expected a number up to 255, got 300; using the default, 5")
	f("file_output: {keep_alive: yes}", "c.yaml:1:27: file_output.keep_alive: yes is treated as false; write true")
	f("file_output: {keep_alive: true}")
	f("json_output: true\njson_output: false", "c.yaml:2:1: duplicate key json_output; the first one, at c.yaml:1:1, is used")
	f("engine: {kmod: {}}", "c.yaml:1:9: key engine.kind is missing")
	f("log_level: info\njson_output: "+strings.Repeat("x", 100), `c.yaml:2:14: json_output: expected true or false, got "`+strings.Repeat("x", 60)+`..."; using the default, false`)
}

// TestFaultsOfOptions: options of the command line are checked like files.
func TestFaultsOfOptions(t *testing.T) {
	f := func(text, opt string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, must(t, text, opt).Warnings); d != "" {
			t.Errorf("warnings of -o %s (-want +got):\n%s", opt, d)
		}
	}
	f("", "json_output=true")
	f("json_output: false", "json_ouput=true", "command line: unknown key json_ouput has no effect; did you mean json_output?")
	f("webserver: {enabled: false}", "webserver.enable=true", "command line: unknown key webserver.enable has no effect; did you mean webserver.enabled?")
	f("", "json_output=2", `command line: json_output: expected true or false, got "2"; using the default, false`)
	f("zork: 1", "json_output=true", "c.yaml:1:1: unknown key zork has no effect")
	f(
		"append_output: [{suggested_output: true}]", "append_output.suggested_output=false",
		"command line: append_output is a list; as in Falco, append_output.suggested_output makes it an empty list; use append_output[0].suggested_output for its first element",
	)
	f(
		"rules_files: [a]", "rules_files[3]=b",
		"command line: rules_files has no element [3]; as in Falco, this option makes it an empty list; use rules_files[] to append",
	)
}

// TestListWithKey: the line that most tests of Falco's own suite begin with.
func TestListWithKey(t *testing.T) {
	c := must(t, "append_output: [{suggested_output: true}]", "append_output.suggested_output=false")
	if c.AppendOutput != nil {
		t.Errorf("append_output = %+v, want none, as in Falco", c.AppendOutput)
	}
}

// TestFaultsOfIncludes: the files of config_files are checked too.
func TestFaultsOfIncludes(t *testing.T) {
	dir := t.TempDir()
	inc := write(t, dir, "d/1.yaml", "json_ouput: true\n")
	main := write(t, dir, "main.yaml", "config_files: ["+dir+"/d]\nzork: 1\n")
	c, err := Load(main, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		main + ":2:1: unknown key zork has no effect",
		inc + ":1:1: unknown key json_ouput has no effect; did you mean json_output?",
	}
	if d := cmp.Diff(want, c.Warnings); d != "" {
		t.Errorf("warnings (-want +got):\n%s", d)
	}
}

// TestFaultsWithAnError: an error does not hide what may be its reason.
func TestFaultsWithAnError(t *testing.T) {
	_, err := Parse("c.yaml", "http_output: {enabled: true, urll: x}", Options{Getenv: noEnv})
	want := "Error reading config file (c.yaml): http output enabled but no url in configuration block\n" +
		"c.yaml:1:30: unknown key http_output.urll has no effect; did you mean http_output.url?"
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}
