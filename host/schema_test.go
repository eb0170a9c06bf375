// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"strings"
	"testing"
)

// dummySchema has the form that generators for Go structs write.
const dummySchema = `{"$schema":"http://json-schema.org/draft-04/schema#","$ref":"#/definitions/C","definitions":{"C":{
	"type":"object","additionalProperties":true,"properties":{
	"jitter":{"type":"integer","title":"Sample jitter","default":10},"start":{"type":"integer"}}}}}`

func TestCheckConfig(t *testing.T) {
	f := func(schema, config, want string) {
		t.Helper()
		got, err := CheckConfig("dummy", schema, config)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s against %.60s:\ngot  %s\nwant %s", config, schema, got, want)
		}
	}
	in := "error in plugin dummy init config: In "
	f("", "", "")
	f("", "any text", "any text")
	f(dummySchema, "", "{}")
	f(dummySchema, `{"jitter":5}`, `{"jitter":5}`)
	f(dummySchema, `{"jitter":"x"}`, in+"<root>[jitter], Value type not permitted by 'type' constraint.")
	f(dummySchema, `{"start":[],"jitter":"x"}`, in+"<root>[jitter], Value type not permitted by 'type' constraint.")
	f(dummySchema, `[]`, in+"<root>, Value type not permitted by 'type' constraint.")
	f(dummySchema, `{"jitter":`, "error in plugin dummy: init config is not a valid json")
	f(dummySchema, `text`, "error in plugin dummy: init config is not a valid json")
	f(`[]`, "", "error in plugin dummy: get_init_schema did not return a json object")
	f(`{`, "", "error in plugin dummy: get_init_schema did not return a json object")

	prop := func(p string) string {
		return `{"type":"object","properties":{"v":` + p + `},"additionalProperties":false}`
	}
	f(prop(`{}`), `{"w":1,"x":2}`, in+"<root>, Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: 'w'.")
	f(`{"required":["b","a"]}`, `{}`, in+"<root>, Missing required property 'a'.")
	f(prop(`{"enum":["a"]}`), `{"v":"b"}`, in+"<root>[v], Failed to match against any enum values.")
	f(prop(`{"const":1}`), `{"v":2}`, in+"<root>[v], Failed to match expected value set by 'const' constraint.")
	f(prop(`{"pattern":"^a"}`), `{"v":"b"}`, in+"<root>[v], Failed to match regex specified by 'pattern' constraint.")
	f(prop(`{"minLength":3}`), `{"v":"b"}`, in+"<root>[v], String should be no fewer than 3 characters in length.")
	f(prop(`{"maxLength":1}`), `{"v":"bb"}`, in+"<root>[v], String should be no more than 1 characters in length.")
	f(prop(`{"items":{"minItems":2}}`), `{"v":[1,[]]}`, in+"<root>[v][1], Array should contain no fewer than 2 elements.")
	f(prop(`{"maxItems":0}`), `{"v":[1]}`, in+"<root>[v], Array should contain no more than 0 elements.")
	f(prop(`{"minimum":3}`), `{"v":2}`, in+"<root>[v], Expected number greater than or equal to 3")
	f(prop(`{"maximum":3}`), `{"v":4}`, in+"<root>[v], Expected number less than or equal to 3")
}

func TestSchemasThatAreNone(t *testing.T) {
	for _, schema := range []string{`{"type":"nonsense"}`, `{"$ref":"#/missing"}`, `{"$ref":"file:///etc/passwd"}`, `{"$ref":"https://example.com/x.json"}`} {
		_, err := CheckConfig("p", schema, "{}")
		if prefix := "error in plugin p: get_init_schema returned a schema that is not valid: "; err == nil || !strings.HasPrefix(err.Error(), prefix) {
			t.Errorf("%s: error %v, want %s...", schema, err, prefix)
		}
	}
}

func TestCheckSchemaType(t *testing.T) {
	f := func(schema string, kind int32, want string) {
		t.Helper()
		ok, err := CheckSchemaType("p", schema, kind)
		if got := fmt.Sprint(ok, err); got != want {
			t.Errorf("%q of type %d: got %s, want %s", schema, kind, got, want)
		}
	}
	f("{}", 1, "true <nil>")
	f("", 1, "false <nil>")
	f("{}", 0, "false <nil>")
	f("", 7, "false <nil>")
	f("{}", 7, "false error in plugin p: get_init_schema returned an unknown schema type 7")
}

func FuzzCheckConfig(f *testing.F) {
	f.Add(dummySchema, `{"jitter":"x"}`)
	f.Add(`{"properties":{"a":{"items":{"type":"string"}}}}`, `{"a":[1]}`)
	// Oracle: no panic; errors name the plugin; what is accepted is handed on unchanged.
	f.Fuzz(func(t *testing.T, schema, config string) {
		got, err := CheckConfig("p", schema, config)
		switch {
		case err != nil && !strings.HasPrefix(err.Error(), "error in plugin p"):
			t.Errorf("error without the plugin: %v", err)
		case err == nil && got != config && (config != "" || got != "{}"):
			t.Errorf("config %q became %q", config, got)
		}
	})
}
