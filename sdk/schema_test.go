// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/sdk"
)

func TestSchema(t *testing.T) {
	f := func(config any, want string) {
		t.Helper()
		var got, w map[string]any
		if err := json.Unmarshal([]byte(sdk.Schema(config)), &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(want), &w); err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		w["$schema"] = "http://json-schema.org/draft-07/schema#"
		if d := cmp.Diff(w, got); d != "" {
			t.Errorf("%T (-want +got):\n%s", config, d)
		}
	}
	object := func(props string) string {
		return `{"type": "object", "additionalProperties": false, "properties": {` + props + `}}`
	}
	f(nil, `{}`)
	f(struct{}{}, object(``))
	f(struct {
		Plain  string
		Named  bool `json:"named,omitempty"`
		hidden int
		Not    int `json:"-"`
	}{}, object(`"Plain": {"type": "string"}, "named": {"type": "boolean"}`))
	f(&struct {
		A int     `json:"a" min:"-1" max:"5"`
		B uint8   `json:"b" desc:"how many"`
		C float64 `json:"c"`
		D int     `json:"d" enum:"1,2"`
		E string  `json:"e" enum:"1,x"`
	}{A: 3, E: "x"}, object(`"a": {"type": "integer", "minimum": -1, "maximum": 5, "default": 3},
		"b": {"type": "integer", "minimum": 0, "description": "how many"}, "c": {"type": "number"},
		"d": {"type": "integer", "enum": [1, 2]}, "e": {"type": "string", "enum": ["1", "x"], "default": "x"}`))
	f(struct {
		List []string          `json:"list"`
		Map  map[string]int    `json:"map"`
		Ptr  *bool             `json:"ptr"`
		Any  any               `json:"any"`
		Raw  json.RawMessage   `json:"raw"`
		IP   netip.Addr        `json:"ip"`
		Blob []byte            `json:"blob"`
		Ch   chan int          `json:"ch"`
		Sub  struct{ X int }   `json:"sub"`
		Subs []struct{ Y int } `json:"subs"`
	}{List: []string{"a"}, Sub: struct{ X int }{7}}, object(`
		"list": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
		"map": {"type": "object", "additionalProperties": {"type": "integer"}},
		"ptr": {"type": "boolean"}, "any": {}, "raw": {}, "ip": {"type": "string"}, "blob": {"type": "string"}, "ch": {},
		"sub": {"type": "object", "additionalProperties": false, "properties": {"X": {"type": "integer", "default": 7}}},
		"subs": {"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": {"Y": {"type": "integer"}}}}`))
	type inner struct {
		Z int `json:"z"`
	}
	f(struct {
		inner
		Need string `json:"need" required:"true"`
	}{}, `{"type": "object", "additionalProperties": false, "required": ["need"],
		"properties": {"z": {"type": "integer"}, "need": {"type": "string"}}}`)
	f(struct {
		A int      `json:"a"`
		_ struct{} `unknownKeys:"allowed"`
		_ [4]byte
	}{}, `{"type": "object", "additionalProperties": true, "properties": {"a": {"type": "integer"}}}`)
	type tree struct {
		Kids []tree `json:"kids"`
	}
	f(tree{}, object(`"kids": {"type": "array", "items": {"type": "object"}}`))
}

func TestDecodeConfig(t *testing.T) {
	f := func(text string, want int, wantErr string) {
		t.Helper()
		to := struct{ N int }{5}
		err := sdk.DecodeConfig(text, &to)
		if got := fmt.Sprint(err); got != wantErr || to.N != want {
			t.Errorf("%q: got %d, %s; want %d, %s", text, to.N, got, want, wantErr)
		}
	}
	f("", 5, "<nil>")
	f(" \n", 5, "<nil>")
	f("{}", 5, "<nil>")
	f(`{"N": 6}`, 6, "<nil>")
	f(`{"N": "x"}`, 5, "json: cannot unmarshal string into Go struct field .N of type int")
	f(`nonsense`, 5, "invalid character 'o' in literal null (expecting 'u')")
}
