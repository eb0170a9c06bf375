// SPDX-License-Identifier: Apache-2.0

package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// must parses a configuration that has to be accepted.
func must(t *testing.T, text string, set ...string) *Config {
	t.Helper()
	c, err := Parse("c.yaml", text, Options{Set: set, Getenv: noEnv})
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return c
}

func noEnv(string) (string, bool) { return "", false }

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	got := must(t, "")
	want := &Config{
		Files:      []File{{Path: "c.yaml", Validation: "ok"}},
		WatchFiles: true, Priority: 7,
		Engine:          Engine{Kind: "kmod"},
		Capture:         Capture{PathPrefix: "/tmp/falco", DefaultDuration: 5 * time.Second},
		PluginsHostinfo: true,
		JSON:            JSON{WithOutput: true, WithFields: true, WithTags: true},
		OutputTimeout:   2 * time.Second,
		ShutdownTimeout: 20 * time.Second,
		Spool:           Spool{MaxSize: 1 << 30},
		Outputs: Outputs{HTTP: HTTPOutput{
			UserAgent: "falcosecurity/falco", CAPath: "/etc/ssl/certs",
			ClientCert: "/etc/ssl/certs/client.crt", ClientKey: "/etc/ssl/certs/client.key",
			Timeout: 10 * time.Second, MaxConsecutiveTimeouts: 5,
		}},
		Webserver: Webserver{ListenAddress: "0.0.0.0", ListenPort: 8765, HealthzEndpoint: "/healthz", SSLCertificate: "/etc/falco/falco.pem"},
		Log:       Log{Syslog: true, Level: "info", Plugins: true, PluginLevel: "info"},
		Metrics: Metrics{
			IntervalText: "5000", RulesCounters: true, ResourceUtilization: true,
			StateCounters: true, PluginsMetrics: true, ConvertMemoryToMB: true,
		},
	}
	got.root = nil
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Config{})); d != "" {
		t.Errorf("defaults (-want +got):\n%s", d)
	}
}

func TestExpandEnv(t *testing.T) {
	env := map[string]string{"A": "one", "REF": "${A}", "LOOP": "${LOOP}", "L1": "${L2}", "L2": "${L1}", "DOLLAR": "$"}
	f := func(in, want string) {
		t.Helper()
		get := func(k string) (string, bool) { v, ok := env[k]; return v, ok }
		if got := expandEnv(in, get); got != want {
			t.Errorf("expandEnv(%q) = %q, want %q", in, got, want)
		}
	}
	f("plain", "plain")
	f("${A}", "one")
	f("a${A}b${A}c", "aonebonec")
	f("${NOPE}", "")
	f("x${NOPE}y", "xy")
	f("$${A}", "${A}")
	f("$${A}${A}", "${A}one")
	f("$A", "$A")
	f("$A ${A}", "$A ${A}") // a bare $ ends it
	f("${A", "${A")
	f("${REF}", "one")       // looked at again
	f("${LOOP}", "${LOOP}")  // ends
	f("${L1}", "${L1}")      // ends
	f("${DOLLAR}{A}", "one") // pieced together
	f("cost $5 }", "cost $5 }")
}

func TestOptionKeys(t *testing.T) {
	f := func(doc, opt, want string) {
		t.Helper()
		n, err := parse("c.yaml", doc)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.setOption(opt); err != nil {
			t.Errorf("%s: %v", opt, err)
		}
		var b strings.Builder
		n.dump(&b, "")
		if b.String() != want {
			t.Errorf("%q with %q = %s, want %s", doc, opt, b.String(), want)
		}
	}
	f("", "a=1", `{"a": "1"}`)
	f("a: 0", "a=1", `{"a": "1"}`)
	f("a: 0", "b.c.d=x=y", `{"a": "0", "b": {"c": {"d": "x=y"}}}`)
	f("a: [1, 2]", "a[1]=x", `{"a": ["1", "x"]}`)
	f("a: [1, 2]", "a[]=x", `{"a": ["1", "2", "x"]}`)
	f("a: [1, 2]", "a[2]=x", `{"a": ["1", "2", "x"]}`)
	f("", "a[].b=x", `{"a": [{"b": "x"}]}`)
	f("a: [{b: 1}]", "a[0].c=x", `{"a": [{"b": "1", "c": "x"}]}`)
	f("a: [[1]]", "a[0][0]=x", `{"a": [["x"]]}`)
	f("", `a\.b.c\[\]\\=x`, `{"a.b": {"c[]\\": "x"}}`)
	f("", "a={x: 1, y: [2]}", `{"a": {"x": "1", "y": ["2"]}}`)
	f("", "a[]={match: {source: dummy}}", `{"a": [{"match": {"source": "dummy"}}]}`)
	f("", "a=[x, y]", `{"a": ["x", "y"]}`)
	f("", "a=", `{"a": ""}`)
	f("a: [1]", "a=x", `{"a": "x"}`)
	// a list with a key that it cannot have becomes a map
	f("a: [x]", "a.b=y", `{"a": {"0": "x", "b": "y"}}`)
	f("a: [{b: 1}]", "a[2].b=y", `{"a": {"0": {"b": "1"}, "2": {"b": "y"}}}`)
	f("a: []", "a.b.c=y", `{"a": {"b": {"c": "y"}}}`)
	f("", "a[1]=y", `{"a": {"1": "y"}}`)
	f("a: {b: 1}", "a[0]=y", `{"a": {"b": "1", "0": "y"}}`)
}

func TestErrors(t *testing.T) {
	f := func(text, want string, set ...string) {
		t.Helper()
		c, err := Parse("c.yaml", text, Options{Set: set, Getenv: noEnv})
		if err == nil {
			t.Errorf("Parse(%q) = %+v, want error %q", text, c, want)
		} else if got := err.Error(); got != want {
			t.Errorf("Parse(%q):\n got %s\nwant %s", text, got, want)
		}
	}
	const file = "Error reading config file (c.yaml): "
	f("a: [1,\n", "Cannot read config file (c.yaml): error at line 2, column 1: while parsing a flow node: did not find expected node content")
	f("- a\n", "Cannot read config file (c.yaml): error at line 1, column 1: the file is not a map of keys")
	for _, v := range []string{`"0.43"`, `"0.45.0"`, "1", "", "latest", "[0.44]", "{a: b}"} {
		got := strings.Trim(v, `"`)
		if v != "" && strings.Contains("[{", v[:1]) {
			got = ""
		}
		f("falco_compatibility: "+v, file+`falco_compatibility: unknown version "`+got+`": use "0.45" or "0.44"`)
	}
	f("priority: 5x", `Unknown priority "5x"--must be one of emergency, alert, critical, error, warning, notice, informational, debug`)
	f("rule_matching: some", `Unknown rule matching strategy "some"--must be one of first, all`)
	f("log_level: loud", "Unknown log level loud")
	f("libs_logger: {severity: loud}", "Unknown sinsp log severity loud")
	f("engine: {kind: ebpf}", file+"engine.kind 'ebpf' is not a valid kind.")
	f("engine: {kind: replay}", file+"engine.kind is 'replay' but no engine.replay.capture_file specified.")
	f("engine: kmod", `Config error at key "engine.kind": the value at c.yaml:1:9 is not a map`)
	f("rules_file: a\nrules_files: [b]", file+"both 'rules_files' and 'rules_file' keys set")
	f("file_output: {enabled: true}", file+"file output enabled but no filename in configuration block")
	f("file_output: {mode: 0888}", file+`c.yaml:1:21: file_output.mode '0888' is invalid; use octal permissions such as "0640"`)
	f("file_output: {mode: 02640}", file+`c.yaml:1:21: file_output.mode '02640' is invalid; use octal permissions such as "0640"`)
	f("program_output: {enabled: true}", file+"program output enabled but no program in configuration block")
	f("http_output: {enabled: true}", file+"http output enabled but no url in configuration block")
	const http = "http_output: {enabled: true, url: "
	f(http+`"http://[::1/x"}`, file+"http_output.url: invalid URL: missing ']' in host")
	f(http+`"ftp://host/x"}`, file+`http_output.url: the scheme is "ftp", expected http or https`)
	f(http+`"http:///x"}`, file+"http_output.url: invalid URL: missing host")
	f("spool: {max_size: much}", file+"spool.max_size 'much' is not a size such as 500MiB or 1GiB.")
	f("spool: {sync: never}", file+"spool.sync 'never' is neither always nor interval.")
	f("spool: {when_full: cry}", file+"spool.when_full 'cry' is neither wait nor drop_oldest.")
	f("webserver: {listen_address: here}", file+`webserver listen address "here" is not a valid IP address`)
	f("capture: {mode: never}", file+"capture.mode 'never' is not a valid mode.")
	f("syscall_event_drops: {actions: [ignore, log]}", file+`syscall event drop action "log" does not make sense with the "ignore" action`)
	f("syscall_event_drops: {actions: [cry]}", file+`available actions for syscall event drops are "ignore", "log", "alert", and "exit"`)
	f("syscall_event_drops: {threshold: 2}", file+"syscall event drops threshold must be a double in the range [0, 1]")
	f("syscall_event_timeouts: {max_consecutives: 0}", "Error reading config file(c.yaml): the maximum consecutive timeouts without an event must be an unsigned integer > 0")
	f("load_plugins: [nope]", "Cannot load plugin 'nope': plugin config not found for given name")
	const plugins = "Error reading config file(c.yaml): could not load plugins config: "
	f("plugins: [{library_path: x}]", plugins+"c.yaml:1:11: a plugin has no name")
	f("plugins:\n  - name: p", plugins+"c.yaml:2:5: plugin 'p' has no library_path")
	f("plugins: [{name: p, library_path: ../p.so}]", plugins+"c.yaml:1:35: plugin library_path '../p.so' resolves outside the plugins directory (/usr/share/falco/plugins/)")
	f("plugins: [{name: p, library_path: x, init_config: a, init_config_file: /b}]", plugins+"c.yaml:1:72: plugin 'p' has both init_config and init_config_file")
	f("rules: [{enable: {}}]", file+"c.yaml:1:9: an element of 'rules' must be {enable: X} or {disable: X} with X = {rule: name} or {tag: tag}")
	f("append_output: [{extra_fields: [[a]]}]", file+"c.yaml:1:33: an extra field is neither a name nor one name with a format")
	f("", `Error parsing config option "a". Must be of the form key=val or key.subkey=val`, "a")
	f("", `Config error at key "a[x]": Parsing error: expected a numeric index, found 'x'`, "a[x]=1")
	f("", `Config error at key "a..b": Parsing error: unexpected character at pos 2`, "a..b=1")
	f("", `Config error at key "a[0]b": Parsing error: expected '.' character at pos 3`, "a[0]b=1")
	f("", `Config error at key "a\": Parsing error: trailing backslash at pos 1`, `a\=1`)
	f("", `Config error at key "a\x": Parsing error: invalid escape sequence '\x' at pos 1`, `a\x=1`)
	f("a: 1", `Config error at key "a.b": b of a value that is neither a map nor a sequence`, "a.b=1")
	f("a: 1", `Config error at key "a[0]": [0] of a value that is neither a map nor a sequence`, "a[0]=1")
	f("a: {b: 1}", `Config error at key "a[]": [] of a map`, "a[]=1")
	// all keys that Falco reads, used here or not, need maps around them
	f("falco_libs: 512", `Config error at key "falco_libs.thread_table_size": the value at c.yaml:1:13 is not a map`)
	f("", `Config error at key "falco_libs.thread_table_size": the value at command line is not a map`, "falco_libs=512")
	f("base_syscalls: all", `Config error at key "base_syscalls.custom_set": the value at c.yaml:1:16 is not a map`)
	f("base_syscalls: {custom_set: [{a: b}]}", file+"c.yaml:1:30: an element of 'base_syscalls.custom_set' is not a string")
	f("syscall_event_drops: log", `Config error at key "syscall_event_drops.actions": the value at c.yaml:1:22 is not a map`)
	f("engine: {kind: kmod, kmod: 4}", `Config error at key "engine.kmod.buf_size_preset": the value at c.yaml:1:28 is not a map`)
	f("engine: {kind: modern_ebpf, modern_ebpf: 4}", `Config error at key "engine.modern_ebpf.cpus_for_each_buffer": the value at c.yaml:1:42 is not a map`)
}

func TestBomb(t *testing.T) {
	text := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 10; i++ {
		prev := "*a" + string(rune('0'+i-1))
		text += "a" + string(rune('0'+i)) + ": &a" + string(rune('0'+i)) + " [" + strings.Repeat(prev+",", 9) + prev + "]\n"
	}
	_, err := Parse("c.yaml", text, Options{})
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("error of a file of nested aliases = %v, want one that says it is too large", err)
	}
	_, err = Parse("c.yaml", "a: &a [*a]", Options{})
	if err == nil {
		t.Error("a node that contains itself is accepted")
	}
}

func TestValidation(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		if got := must(t, text).Files[0].Validation; got != want {
			t.Errorf("validation of %q = %q, want %q", text, got, want)
		}
	}
	f("", "ok")
	f("json_output: true", "ok")
	f("json_output: 'true'", "ok")
	f("priority: debug\npriority: 5", "ok")
	f("unknown_key: 1", "failed for <root>: Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: 'unknown_key'.")
	f("json_output: maybe", "failed for <root>[json_output]: Value type not permitted by 'type' constraint.")
	f("webserver: {listen_port: high}", "failed for <root>[webserver][listen_port]: Value type not permitted by 'type' constraint.")
	f("webserver: {x: 1}", "failed for <root>[webserver]: Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: 'x'.")
	f("capture: {enabled: false, mode: rules}", "ok")
	f("engine: {kmod: {}}", "failed for <root>[engine]: Missing required property 'kind'.")
	f("append_output: [{match: {tags: [a], rule: [x]}}]", "failed for <root>[append_output][0][match][rule]: Value type not permitted by 'type' constraint.")
	f("plugins: [{name: a, library_path: b, init_config: {any: [1, {x: y}]}, open_params: }]\nload_plugins: []", "ok")
	f("append_output: [{extra_fields: [a, {b: c}]}]", "ok")
	f("config_files: [a, {path: b, strategy: append}]", "ok")
}

func TestPlugins(t *testing.T) {
	text := `
plugins:
  - {name: a, library_path: liba.so, init_config: "  text ", open_params: "  x  "}
  - name: b
    library_path: /abs/libb.so
    init_config: {n: 1, h: 0x10, f: 1.5, quoted: "2", yes: yes, text: no way, list: [1, a], nothing: null, big: 10000000000}
  - {name: c, library_path: c/, init_config: null, open_params: {start: 1}, concurrency: 3}
`
	got := must(t, text).Plugins
	want := []Plugin{
		{Name: "a", LibraryPath: "liba.so", InitConfig: "  text ", OpenParams: "x", Pos: "c.yaml:3:5"},
		{
			Name: "b", LibraryPath: "/abs/libb.so", Pos: "c.yaml:4:5",
			InitConfig: `{"big":10000000000,"f":1.5,"h":16,"list":[1,"a"],"n":1,"nothing":null,"quoted":2,"text":"no way","yes":true}`,
		},
		{Name: "c", LibraryPath: "c/", OpenParams: `{"start":1}`, Concurrency: 3, Pos: "c.yaml:7:5"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("all plugins (-want +got):\n%s", d)
	}
	got = must(t, text+"load_plugins: [c, a]\n").Plugins
	if d := cmp.Diff([]Plugin{want[2], want[0]}, got); d != "" {
		t.Errorf("selected plugins (-want +got):\n%s", d)
	}
	if got = must(t, text+"load_plugins: []\n").Plugins; got != nil {
		t.Errorf("plugins with load_plugins [] = %v, want none", got)
	}
	if got = must(t, text, "load_plugins=c").Plugins; len(got) != 1 || got[0].Name != "c" {
		t.Errorf("plugins with -o load_plugins=c = %v, want c", got)
	}
}

func TestPluginFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "conf/http/config.txt", " {\"a\": 1}\n")
	write(t, dir, "conf/http/params.txt", " /some/file\n")
	main := write(t, dir, "conf/falco.yaml", `
plugins:
  - {name: http, library_path: http/, init_config_file: http/config.txt, open_params_file: http/params.txt}
  - {name: other, library_path: x, init_config_file: missing.txt}
load_plugins: [http]
`)
	c, err := Load(main, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Plugin{{Name: "http", LibraryPath: "http/", InitConfig: " {\"a\": 1}\n", OpenParams: "/some/file", Pos: main + ":3:5"}}
	if d := cmp.Diff(want, c.Plugins); d != "" {
		t.Errorf("plugins (-want +got):\n%s", d)
	}
	_, err = Load(main, Options{Set: []string{"load_plugins[]=other"}})
	if err == nil || !strings.Contains(err.Error(), "init_config_file of plugin 'other'") {
		t.Errorf("error for a missing file = %v, want one that names plugin and key", err)
	}
}

func TestIncludes(t *testing.T) {
	dir := t.TempDir()
	a := write(t, dir, "a.yaml", "load_plugins: [x]\npriority: error\nbuffered_outputs: true\n")
	b := write(t, dir, "b.yaml", "load_plugins: [y]\npriority: info\n")
	d1 := write(t, dir, "d/1.yaml", "load_plugins: [z]\nunknown: 1\n")
	plugins := "plugins: [{name: w, library_path: l}, {name: x, library_path: l}, {name: y, library_path: l}, {name: z, library_path: l}]\nload_plugins: [w]\npriority: debug\n"
	f := func(incs, plugins0 string, prio int, files ...string) {
		t.Helper()
		main := write(t, dir, "main.yaml", "config_files: ["+incs+"]\n"+plugins)
		c, err := Load(main, Options{})
		if err != nil {
			t.Errorf("%s: %v", incs, err)
			return
		}
		var names []string
		for _, p := range c.Plugins {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != plugins0 || c.Priority != prio {
			t.Errorf("%s: plugins %q, priority %d, want %q and %d", incs, got, c.Priority, plugins0, prio)
		}
		var paths []string
		for _, f := range c.Files {
			paths = append(paths, f.Path)
		}
		if d := cmp.Diff(append(files, main), paths); d != "" {
			t.Errorf("%s: files (-want +got):\n%s", incs, d)
		}
	}
	f(a, "w x", 3, a)
	f(a+", "+b, "w x y", 6, a, b)
	f("{path: "+a+", strategy: override}", "x", 3, a)
	f("{path: "+a+", strategy: add-only}", "w", 7, a)
	f(dir+"/d, /no/such/file", "w z", 7, d1)

	for _, c := range []struct{ inc, want string }{
		{"main.yaml", "tried to recursively include main config file"},
		{"nested.yaml", "directive in included config file"},
	} {
		write(t, dir, "nested.yaml", "config_files: [x]\n")
		main := write(t, dir, "main.yaml", "config_files: ["+filepath.Join(dir, c.inc)+"]\n")
		if _, err := Load(main, Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("including %s: error %v, want one with %q", c.inc, err, c.want)
		}
	}
}

func TestValues(t *testing.T) {
	c := must(t, `
rules: [{disable: {rule: "*"}}, {enable: {rule: a, tag: b}}]
append_output:
  - match: {source: s, rule: r}
    extra_output: "x=%x"
    extra_fields: [evt.num, {k: "v %evt.num"}]
  - suggested_output: true
static_fields: {z: 1, a: two}
priority: INFO
outputs_queue: {capacity: 7}
metrics: {interval: 1h 30m}
json_output: On
output_timeout: never
file_output: {mode: 0640}
`)
	if d := cmp.Diff([]RuleSelect{{Rule: "*"}, {Enable: true, Rule: "a"}, {Enable: true, Tag: "b"}}, c.RuleSelect); d != "" {
		t.Errorf("rules (-want +got):\n%s", d)
	}
	wantAppend := []AppendOutput{
		{Source: "s", Rule: "r", Output: "x=%x", Fields: []ExtraField{{Key: "evt.num"}, {Key: "k", Format: "v %evt.num"}}},
		{Suggested: true},
	}
	if d := cmp.Diff(wantAppend, c.AppendOutput); d != "" {
		t.Errorf("append_output (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]StaticField{{"a", "two"}, {"z", "1"}}, c.StaticFields); d != "" {
		t.Errorf("static_fields (-want +got):\n%s", d)
	}
	if c.Outputs.File.Mode != 0o640 {
		t.Errorf("file mode %o, want 640", c.Outputs.File.Mode)
	}
	if c.Priority != 6 || c.QueueCapacity != 7 || c.Metrics.Interval != 90*time.Minute || !c.JSON.Output || c.OutputTimeout != 2*time.Second {
		t.Errorf("priority %d, capacity %d, interval %v, json %v, timeout %v; want 6, 7, 1h30m, true, 2s",
			c.Priority, c.QueueCapacity, c.Metrics.Interval, c.JSON.Output, c.OutputTimeout)
	}
}

func TestSize(t *testing.T) {
	f := func(text string, want int64) {
		t.Helper()
		if got, ok := toSize(text); got != want && ok || ok != (want > 0) {
			t.Errorf("%s is %d, %v; want %d", text, got, ok, want)
		}
	}
	f("1", 1)
	f("5KiB", 5<<10)
	f("5 MB", 5e6)
	f("2GiB", 2<<30)
	f("9223372036854775807", 1<<63-1)
	f("9223372036854775807KB", 0)
	f("0", 0)
	f("-1MB", 0)
	f("1.5GiB", 0)
	f("", 0)
}

func TestHTTPURL(t *testing.T) {
	f := func(url, want string) {
		t.Helper()
		c := must(t, "http_output: {enabled: true, timeout: 1500, url: "+url+"}\n")
		if got := c.Outputs.HTTP.URL; got != want || c.Outputs.HTTP.Timeout != 1500*time.Millisecond {
			t.Errorf("%s: %s, timeout %v; want %s, 1.5s", url, got, c.Outputs.HTTP.Timeout, want)
		}
	}
	f("http://host:2801/a?b=c", "http://host:2801/a?b=c")
	f(`"http://host"`, "http://host")
	f(`'"http://host"'`, "http://host") // quotes of an environment variable
	f(`"'https://host'"`, "https://host")
	f("host:8080/path", "http://host:8080/path")
	f("127.0.0.1", "http://127.0.0.1")
}

func TestDuration(t *testing.T) {
	f := func(in string, want time.Duration) {
		t.Helper()
		if got := toDuration(in); got != want {
			t.Errorf("toDuration(%q) = %v, want %v", in, got, want)
		}
	}
	f("", 0)
	f("5000", 0)
	f("100ms", 100*time.Millisecond)
	f("1h30m", 90*time.Minute)
	f(" 1d 2h ", 26*time.Hour)
	f("30m1h", 0)
	f("99999999999999y", 1<<63-1)
	f("99999999999999999999s", 1<<63-1)
}

func TestKeys(t *testing.T) {
	got := map[string]Key{}
	for _, k := range Keys() {
		got[k.Path] = k
	}
	f := func(want Key) {
		t.Helper()
		if got[want.Path] != want {
			t.Errorf("got %+v, want %+v", got[want.Path], want)
		}
	}
	f(Key{Path: "log_level", Type: "string", Meaning: "Lowest level to log.", Default: "info"})
	f(Key{Path: "plugins[].name", Type: "string", Meaning: "The name used in load_plugins.", Required: true})
	f(Key{Path: "http_output.max_consecutive_timeouts", Type: "uint", Default: "5", Meaning: "Number of consecutive timeouts after which a warning is logged."})
}
