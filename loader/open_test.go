// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cbuild"
)

func TestShapes(t *testing.T) {
	f := func(want string, flags ...string) {
		t.Helper()
		path := cbuild.Library(t, "shape.c", append(flags, "-O0")...)
		_, err := Open(path, nil, Options{})
		got := strings.TrimPrefix(fmt.Sprint(err), "cannot load plugin "+path+": ")
		if got != want {
			t.Errorf("%v:\ngot  %s\nwant %s", flags, got, want)
		}
	}
	ok := "<nil>"
	str := func(name, text string) string { return "-D" + name + "=" + fmt.Sprintf("%q", text) }

	f(ok)
	f("plugin_get_required_api_version symbol not implemented", "-DNO_get_required_api_version")
	for _, s := range []string{"get_version", "get_name", "get_description", "get_contact", "init", "destroy", "get_last_error"} {
		f("required symbol not implemented: '"+s+"'", "-DNO_"+s)
	}
	f("plugin provided an invalid required API version: 'three'", str("API", "three"))
	f("plugin provided an invalid required API version: '3.0'", str("API", "3.0"))
	f("plugin provided an invalid required API version: ''", "-DAPI=NULL")
	f("plugin required API version '4.0.0' not compatible with the framework's API version '3.12.0': major versions disagree", str("API", "4.0.0"))
	f("plugin required API version '3.13.0' not compatible with the framework's API version '3.12.0': framework's minor is less than the requested one", str("API", "3.13.0"))
	f("plugin required API version '3.12.1' not compatible with the framework's API version '3.12.0': framework's patch is less than the requested one", str("API", "3.12.1"))
	f(ok, str("API", "3.0.0"))
	f(ok, str("API", "3.11.99"))
	f("plugin provided an invalid version string: 'one'", str("VERSION", "one"))
	f("plugin provided an invalid version string: ''", "-DVERSION=NULL")
	f("plugin provided no name", "-DNAME=NULL")

	broken := "broken plugin capabilities: "
	source := "must implement all of 'plugin_open', 'plugin_close', and 'plugin_next_batch' (event sourcing)"
	pair := "must implement both 'plugin_get_id' and 'plugin_get_event_source' or neither (event sourcing)"
	extraction := "must implement both 'plugin_get_fields' and 'plugin_extract_fields' (field extraction)"
	f(broken+source, "-DNO_open")
	f(broken+source, "-DNO_close", "-DNO_next_batch")
	f(broken+pair, "-DNO_get_id")
	f(broken+pair+", "+source+", "+extraction, "-DNO_get_event_source", "-DNO_next_batch", "-DNO_get_fields")
	f(ok, "-DNO_extract_fields") // a list of fields alone is no error
	f(broken+"must implement both 'plugin_get_async_events' and 'plugin_set_async_event_handler' (async events)", "-DASYNC_HANDLER")
	f(broken+"must implement both 'plugin_capture_open' and 'plugin_capture_close' (capture listening)", "-DCAPTURE_OPEN")
	f("plugin does not implement any capability", "-DNO_open", "-DNO_close", "-DNO_next_batch", "-DNO_extract_fields")
	f("plugin can't implement the reserved event source 'syscall'", str("SOURCE", "syscall"))
	f("plugin has the ID 905 but no event source", "-DSOURCE=NULL")
	f(ok, "-DID=0")
	f(ok, "-DNO_get_id", "-DNO_get_event_source")
	f(ok, "-DPARSE", "-DASYNC_HANDLER", str("ASYNC_EVENTS", `["a"]`))

	f("error in plugin shape: get_fields returned a null string", "-DFIELDS=NULL")
	f("error in plugin shape: get_fields returned an invalid JSON", str("FIELDS", `[{"type"`))
	f("error in plugin shape: plugins with extraction capability must export at least one field", str("FIELDS", `[]`))
	f("error in plugin shape: 'get_extract_event_sources' did not return a json array", str("EXTRACT_SOURCES", `{}`))
	f(ok, "-DEXTRACT_SOURCES=NULL")
	f("error in plugin shape: 'get_parse_event_sources' did not return a json array", "-DPARSE", str("PARSE_SOURCES", `"x"`))
	f("error in plugin shape: 'get_async_events' did not return a json array but it should", "-DASYNC_HANDLER", "-DASYNC_EVENTS=NULL")
	f("error in plugin shape: get_init_schema returned an unknown schema type 2", str("SCHEMA", "{}"), "-DSCHEMA_TYPE=2")
}

func TestInfo(t *testing.T) {
	m := load(t, "shape.c", `-DEXTRACT_SOURCES="[\"one\",\"two\"]"`, "-DPARSE")
	want := &host.Info{
		Name: "shape", Version: "1.2.3", RequiredAPI: "3.12.0", Caps: host.Sourcing | host.Extraction | host.Parsing,
		ID: 905, Source: "shape", ExtractSources: []string{"one", "two", "shape"}, ParseSources: []string{"shape"},
		Fields: []abi.FieldInfo{{Name: "shape.f", Type: abi.String, Desc: "text"}}, Path: m.Info().Path,
	}
	if d := cmp.Diff(want, m.Info()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestTheSameFileIsLoadedOnce(t *testing.T) {
	a, b := load(t, "shape.c"), load(t, "shape.c")
	if a == b || a.lib != b.lib {
		t.Error("opening a file twice does not give two modules over one library")
	}
	if err := host.CheckTogether([]*host.Info{a.Info(), b.Info()}, nil, nil); err == nil || err.Error() != "found another plugin with name shape. Aborting." {
		t.Errorf("error = %v", err)
	}
}

func TestFilesThatAreNoLibraries(t *testing.T) {
	dir := t.TempDir()
	whole, err := os.ReadFile(cbuild.Library(t, "shape.c"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	f := func(path, want string) {
		t.Helper()
		_, err := Open(path, nil, Options{})
		prefix := "cannot load plugin " + path + ": can't load plugin dynamic library: "
		if text := fmt.Sprint(err); !strings.HasPrefix(text, prefix) || !strings.Contains(text, want) || strings.Contains(text, "\n") {
			t.Errorf("%s: %v, want %s", filepath.Base(path), err, want)
		}
	}
	f(filepath.Join(dir, "nothing.so"), "no such file or directory")
	f(dir, "is a directory")
	f("/dev/null", "is not a regular file")
	f(dir+"\x00x", "invalid argument")
	f(write("empty.so", nil), "file too short")
	f(write("text.so", []byte(strings.Repeat("I am a text.\n", 100))), "invalid ELF header")
	f(write("magic.so", whole[:4]), "the file is cut off")
	// Cut anywhere, the file is refused or complete enough to load; it never kills us.
	for n := 4; n < len(whole); n += 1 + len(whole)/100 {
		if _, err := Open(write(fmt.Sprintf("cut%d.so", n), whole[:n]), nil, Options{}); err != nil && n > 64 && !strings.Contains(err.Error(), "cut off") {
			t.Errorf("cut after %d of %d bytes: %v", n, len(whole), err)
		}
	}
}

func FuzzCheckELF(f *testing.F) {
	f.Add([]byte("\x7fELF"))
	f.Add(append([]byte("\x7fELF\x02\x01"), make([]byte, 100)...))
	f.Add(append([]byte("\x7fELF\x01\x02"), bytes.Repeat([]byte{0xff}, 100)...))
	// Oracle: a file that passes and is an ELF file keeps passing when bytes are added.
	f.Fuzz(func(t *testing.T, b []byte) {
		if checkELF(bytes.NewReader(b), int64(len(b))) != nil {
			return
		}
		longer := append(slices.Clone(b), 0)
		if len(b) < 4 {
			return
		}
		if err := checkELF(bytes.NewReader(longer), int64(len(longer))); err != nil {
			t.Errorf("%x passes, but not with a byte more: %v", b, err)
		}
	})
}

func TestInit(t *testing.T) {
	var log bytes.Buffer
	handler := slog.NewTextHandler(&log, &slog.HandlerOptions{Level: levelTrace, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	m, err := Open(cbuild.Library(t, "shape.c"), slog.New(handler), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.New("my config")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	want := `level=INFO msg="shape: configured"
level=ERROR msg="part: configured"
level=ERROR msg="shape: configured"
level=ERROR msg="part: configured"
level=WARN msg="shape: configured"
level=INFO msg="part: configured"
level=INFO msg="shape: configured"
level=DEBUG msg="part: configured"
level=DEBUG-4 msg="shape: configured"
level=INFO msg="part: configured"
level=INFO msg="shape: my config"
level=INFO msg="tables: table nobody: no such table"
level=INFO msg="shape: destroyed"
`
	if d := cmp.Diff(want, log.String()); d != "" {
		t.Errorf("log (-want +got):\n%s", d)
	}
}

func TestInitFails(t *testing.T) {
	f := func(config, want string, destroyed int) {
		t.Helper()
		var log bytes.Buffer
		m, err := Open(cbuild.Library(t, "shape.c"), slog.New(slog.NewTextHandler(&log, nil)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = m.New(config); fmt.Sprint(err) != want {
			t.Errorf("%s: error %v, want %s", config, err, want)
		}
		if n := strings.Count(log.String(), "destroyed"); n != destroyed {
			t.Errorf("%s: destroyed %d times, want %d", config, n, destroyed)
		}
	}
	f("fail", "plugin shape: could not initialize plugin: init does not like this", 1)
	f("fail without a state", "plugin shape: could not initialize plugin: the plugin gives no reason", 0)
}

// While another state of the library lives, a failed one is left alone.
func TestFailedStateBesideALiveOne(t *testing.T) {
	m, log := loadLogged(t, "shape.c", "-DVERSION=\"2.0.0\"")
	live, err := m.New("")
	if err != nil {
		t.Fatal(err)
	}
	f := func(want int) {
		t.Helper()
		if _, err := m.New("fail"); err == nil {
			t.Error("no error")
		}
		if n := strings.Count(log.take(), "destroyed"); n != want {
			t.Errorf("destroyed %d times, want %d", n, want)
		}
	}
	f(0)
	if err := live.Close(); err != nil {
		t.Fatal(err)
	}
	log.take()
	f(1)
}

func TestConfigIsCheckedBeforeInit(t *testing.T) {
	schema := `{"type":"object","properties":{"n":{"type":"integer"}}}`
	m := load(t, "shape.c", fmt.Sprintf("-DSCHEMA=%q", schema))
	if m.Info().Schema != schema {
		t.Errorf("schema is %s", m.Info().Schema)
	}
	start(t, m, "")
	start(t, m, `{"n":1}`)
	for config, want := range map[string]string{
		`{"n":"x"}`: "error in plugin shape init config: In <root>[n], Value type not permitted by 'type' constraint.",
		`{`:         "error in plugin shape: init config is not a valid json",
	} {
		if _, err := m.New(config); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", config, err, want)
		}
	}
	opaque := load(t, "shape.c", fmt.Sprintf("-DSCHEMA=%q", schema), "-DSCHEMA_TYPE=0")
	start(t, opaque, "anything")
}

func TestSourceOfSystemEvents(t *testing.T) {
	p := start(t, load(t, "shape.c", "-DID=0"), "")
	if _, err := p.Open(""); err == nil || err.Error() != "plugin shape: open: the plugin is a source of system events, which gyr does not support" {
		t.Errorf("error = %v", err)
	}
	p = start(t, load(t, "shape.c", "-DNO_open", "-DNO_close", "-DNO_next_batch", "-DNO_get_id", "-DNO_get_event_source"), "")
	if _, err := p.Open(""); err == nil || err.Error() != "plugin shape: open: the plugin has no event source" {
		t.Errorf("error = %v", err)
	}
}

func TestOpenParams(t *testing.T) {
	f := func(list, want string) {
		t.Helper()
		p := start(t, load(t, "shape.c", fmt.Sprintf("-DOPEN_PARAMS=%q", list)), "")
		if got, err := p.OpenParams(); fmt.Sprint(got, err) != want {
			t.Errorf("%s: got %v %v, want %s", list, got, err, want)
		}
	}
	f(``, "[] <nil>")
	f(`[{"value":"v","desc":"d","separator":"s"}]`, "[{v d s}] <nil>")
	f(`{}`, "[] error in plugin shape: list_open_params returned a non-array JSON")
	f(`[{"desc":"d"}]`, "[] error in plugin shape: list_open_params has entry with no value")
	f(`fail`, "[] error in plugin shape: list_open_params has error init does not like this")
	if got, err := start(t, load(t, "shape.c"), "").OpenParams(); got != nil || err != nil {
		t.Errorf("without the function: %v %v", got, err)
	}
}

// Which types of events the fields are extracted from.
func TestExtractEventTypes(t *testing.T) {
	f := func(want string, flags ...string) {
		t.Helper()
		p := start(t, load(t, "shape.c", flags...), "")
		b := newBatch(t, p, 2)
		b.Source = "shape"
		b.Add(905, 1, []byte("x"))
		b.Events = append(b.Events, event.Event{PluginID: 905, Type: abi.AsyncEvent, Name: "n"})
		tab := extract(t, p, b, "shape.f")
		if got := fmt.Sprint(tab.Cells[0].Present, tab.Cells[1].Present); got != want {
			t.Errorf("%v: got %s, want %s", flags, got, want)
		}
	}
	noSource := []string{"-DNO_open", "-DNO_close", "-DNO_next_batch", "-DNO_get_id", "-DNO_get_event_source"}
	f("true false")
	f("true true", "-DEXTRACT_TYPES=322,402")
	f("false true", "-DEXTRACT_TYPES=402")
	f("true true", noSource...)
	f("true false", append(noSource, `-DEXTRACT_SOURCES="[\"shape\"]"`)...)
	f("true true", append(noSource, `-DEXTRACT_SOURCES="[\"shape\",\"syscall\"]"`)...)
	f("false false", append(noSource, `-DEXTRACT_SOURCES="[\"other\"]"`)...)
}
