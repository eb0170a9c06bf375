// SPDX-License-Identifier: Apache-2.0

package config

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFileValues: ${file:PATH} is what the file contains, and nobody gets to see it.
func TestFileValues(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "secret", "hunter2 ${HOME} $${X}\n")
	main := write(t, dir, "c.yaml", `
http_output: {enabled: true, url: "https://example.com/${file:`+file+`}?x=${N}"}
plugins: [{name: a, library_path: b, init_config: {key: "${file:`+file+`}"}}]
`)
	env := func(k string) (string, bool) { return "1", k == "N" }
	c, err := Load(main, Options{Getenv: env})
	if err != nil {
		t.Fatal(err)
	}
	const content = "hunter2 ${HOME} $${X}" // the newline is gone, and nothing is expanded again
	if got, want := c.Outputs.HTTP.URL, "https://example.com/"+content+"?x=1"; got != want {
		t.Errorf("url %q, want %q", got, want)
	}
	if got, want := c.Plugins[0].InitConfig, `{"key":"`+content+`"}`; got != want {
		t.Errorf("init_config %q, want %q", got, want)
	}
	if strings.Contains(c.Dump(), "hunter2") {
		t.Errorf("the dump shows the secret: %s", c.Dump())
	}
	if _, err := Load(main, Options{Getenv: env, Set: []string{"log_level=x"}}); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
	bad := write(t, dir, "bad.yaml", "log_level: ${file:"+file+"}\n")
	if _, err := Load(bad, Options{}); err == nil || err.Error() != "Unknown log level ${file:"+file+"}" {
		t.Errorf("error %v, want one that shows the value as written", err)
	}
}

func TestFileValuesThatFail(t *testing.T) {
	dir := t.TempDir()
	f := func(path, want string) {
		t.Helper()
		main := write(t, dir, "c.yaml", "json_output: true\nlog_level: ${file:"+path+"}\n")
		_, err := Load(main, Options{})
		if want = "Cannot read config file (" + main + "): error at line 2, column 12: ${file:" + path + "}: " + want; err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	f(filepath.Join(dir, "none"), "no such file or directory")
	f(dir, "not a regular file")
	f(write(t, dir, "big", strings.Repeat("x", 1<<20+1)), "larger than 1 MiB")
	if v, err := readSecret(write(t, dir, "most", strings.Repeat("x", 1<<20))); len(v) != 1<<20 || err != nil {
		t.Errorf("1 MiB: %d bytes, %v", len(v), err)
	}
}

// TestPluginsAreMergedByName: under override a file of config.d can change one plugin.
func TestPluginsAreMergedByName(t *testing.T) {
	dir := t.TempDir()
	inc := write(t, dir, "d/1.yaml", `
plugins:
- {name: b, open_params: new, init_config: {k: 2}}
- {name: c, library_path: libc.so}
`)
	main := write(t, dir, "c.yaml", "config_files: [{path: "+inc+`, strategy: override}]
plugins:
- {name: a, library_path: liba.so, open_params: old}
- {name: b, library_path: libb.so, open_params: old, init_config_file: x.json}
`)
	c, err := Load(main, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Plugin{
		{Name: "a", LibraryPath: "liba.so", OpenParams: "old", Pos: main + ":3:3"},
		{Name: "b", LibraryPath: "libb.so", OpenParams: "new", InitConfig: `{"k":2}`, Pos: main + ":4:3"},
		{Name: "c", LibraryPath: "libc.so", Pos: inc + ":4:3"},
	}
	if d := cmp.Diff(want, c.Plugins); d != "" {
		t.Errorf("plugins (-want +got):\n%s", d)
	}
	// the schema of such a file does not miss what another file has
	if len(c.Warnings) > 0 || c.Files[1].Validation != ValidationOK {
		t.Errorf("warnings %q, validation %q, want none and ok", c.Warnings, c.Files[1].Validation)
	}
}
