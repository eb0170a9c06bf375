// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"
	"testing"
)

const secret = "hunter2"

func secretEnv(name string) (string, bool) { return secret, name == "SECRET" }

// TestSecretsOfTheEnvironment: no message shows what a variable stands for.
func TestSecretsOfTheEnvironment(t *testing.T) {
	for _, text := range []string{
		"log_level: ${SECRET}",
		"priority: ${SECRET}",
		"rule_matching: ${SECRET}",
		"libs_logger: {severity: \"${SECRET}\"}",
		"engine: {kind: \"${SECRET}\"}",
		"capture: {mode: \"${SECRET}\"}",
		"webserver: {listen_address: \"${SECRET}\"}",
		"webserver: \"${SECRET}\"",
		"syscall_event_drops: {actions: [ignore, \"${SECRET}\"]}",
		"load_plugins: [\"${SECRET}\"]",
		"plugins: [{name: \"${SECRET}\"}]",
		"plugins: [{name: a, library_path: \"../${SECRET}\"}]",
		"plugins: [{name: a, library_path: b, init_config_file: \"${SECRET}\"}]",
		"plugins: [{name: \"${SECRET}\", library_path: b, concurrency: \"${SECRET}\"}]",
		"append_output: [{extra_fields: [\"${SECRET}\", {x: y}, [a]]}]",
		"append_output: [{suggested_output: \"${SECRET}\"}]",
		"rules: [{enable: {tags: \"${SECRET}\"}}]",
	} {
		_, err := Load(write(t, t.TempDir(), "c.yaml", text), Options{Getenv: secretEnv})
		if err == nil {
			t.Errorf("%s: no error", text)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error shows the secret: %v", text, err)
		}
	}
	for _, text := range []string{
		"json_output: ${SECRET}",
		"output_timeout: ${SECRET}",
		"append_output: [{match: {rule: \"${SECRET}\", tags: [\"${SECRET}\"]}}]",
		"json_output: password=" + secret,
		"http_output: https://" + secret + "@example.com",
		"static_fields: [https://example.com/" + secret + "]\nzork: ${SECRET}",
	} {
		c, err := Parse("c.yaml", text, Options{Getenv: secretEnv})
		if err != nil {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error shows the secret: %v", text, err)
			}
			continue
		}
		if len(c.Warnings) == 0 {
			t.Errorf("%s: no warning", text)
		}
		if got := strings.Join(c.Warnings, "\n"); strings.Contains(got, secret) {
			t.Errorf("%s: a warning shows the secret: %s", text, got)
		}
	}
}

// TestDumpMasksSecrets: a dump, which bug reports contain, has no secrets and keeps the
// rest.
func TestDumpMasksSecrets(t *testing.T) {
	text := `
http_output: {enabled: true, url: "https://user:hunter2@hooks.slack.com/services/hunter2"}
program_output: {program: "curl -H 'X-Key: hunter2' https://example.com"}
webserver: {token: hunter2}
log_level: info
file_output: {filename: "/var/log/${SECRET}.txt"}
rules_files: ["https://${HOST}/hunter2"]
static_fields: {region: eu, api_key: hunter2}
plugins:
- {name: a, library_path: liba.so, init_config: {region: eu, any: hunter2, deep: {list: [hunter2]}}, open_params: "http://hunter2@:9765/k8s"}
- {name: b, library_path: libb.so, init_config: '{"key": "hunter2"}', open_params: {password: hunter2, file: x.json}}
`
	c, err := Parse("c.yaml", text, Options{Getenv: secretEnv})
	if err != nil {
		t.Fatal(err)
	}
	got := c.Dump()
	if strings.Contains(got, secret) {
		t.Errorf("the dump has the secret: %s", got)
	}
	for _, want := range []string{
		`"url": "https://hooks.slack.com/..."`, `"program": "curl ***"`, `"token": "***"`, `"log_level": "info"`,
		`"filename": "/var/log/${SECRET}.txt"`, `"rules_files": ["https://${HOST}/..."]`, `"region": "eu", "api_key": "***"`,
		`"init_config": {"region": "***", "any": "***", "deep": {"list": ["***"]}}, "open_params": "http://:9765/..."`,
		`"init_config": "***", "open_params": {"password": "***", "file": "x.json"}`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the dump lacks %s: %s", want, got)
		}
	}
}

func TestMaskOption(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := MaskOption(in); got != want {
			t.Errorf("MaskOption(%q) = %q, want %q", in, got, want)
		}
	}
	f("json_output=true", "json_output=true")
	f("http_output.url=https://h/hunter2", "http_output.url=https://h/...")
	f("plugins[0].init_config=hunter2", "plugins[0].init_config=***")
	f("plugins[1].init_config.a[2].b=hunter2", "plugins[1].init_config.a[2].b=***")
	f("plugins[0]={name: x, init_config: {a: hunter2}}", `plugins[0]={"name": "x", "init_config": {"a": "***"}}`)
	f("program_output.program=curl hunter2", "program_output.program=curl ***")
	f("webserver.token=hunter2", "webserver.token=***")
	f("rules_files[]=a.yaml", "rules_files[]=a.yaml")
	f("a=", "a=")
	f("no equals sign https://u:hunter2@h", "no equals sign https://h")
	f("a..b=password: hunter2", "a..b=password: ***")
}

func TestMaskArgs(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := strings.Join(MaskArgs(strings.Split(in, "|")), "|"); got != want {
			t.Errorf("MaskArgs(%q) = %q, want %q", in, got, want)
		}
	}
	f("gyr|-c|falco.yaml|-U", "gyr|-c|falco.yaml|-U")
	f("-o|webserver.token=x|-o|json_output=true", "-o|webserver.token=***|-o|json_output=true")
	f("--option|webserver.token=x", "--option|webserver.token=***")
	f("--option=webserver.token=x", "--option=webserver.token=***")
	f("-owebserver.token=x", "-owebserver.token=***")
	f("-o=webserver.token=x", "-owebserver.token=***")
	f("--params=https://u:p@h/x", "--params=https://h/...")
	f("--token=x", "--token=***")
	f("-r|https://h/x", "-r|https://h/...")
}
