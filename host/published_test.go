// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
)

func TestParseFields(t *testing.T) {
	got, err := ParseFields("p", []byte(`[
		{"type":"string","name":"p.s","desc":"text"},
		{"type":"uint64","name":"p.l","desc":"d","display":"L","isList":true,"addOutput":true,"properties":["hidden","other"],
		 "arg":{"isRequired":true,"isIndex":true,"isKey":true}},
		{"type":"ipnet","name":"p.o","desc":"d","arg":{"isKey":true,"isRequired":null},"isList":null,"arg2":1},
		{"type":"bool","name":"p.old","desc":"d","argRequired":true}] trailing`))
	if err != nil {
		t.Fatal(err)
	}
	want := []abi.FieldInfo{
		{Name: "p.s", Type: abi.String, Desc: "text"},
		{
			Name: "p.l", Type: abi.Uint64, Desc: "d", Display: "L", List: true, AddOutput: true, Properties: []string{"hidden", "other"},
			Arg: abi.FieldArg{Required: true, Index: true, Key: true},
		},
		{Name: "p.o", Type: abi.IPNet, Desc: "d", Arg: abi.FieldArg{Key: true}},
		{Name: "p.old", Type: abi.Bool, Desc: "d", Arg: abi.FieldArg{Required: true, Key: true}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestParseFieldsRefuses(t *testing.T) {
	f := func(published, want string) {
		t.Helper()
		if _, err := ParseFields("p", []byte(published)); err == nil || err.Error() != "error in plugin p: "+want {
			t.Errorf("%s:\ngot  %v\nwant error in plugin p: %s", published, err, want)
		}
	}
	entry := func(more string) string { return `[{"type":"string","name":"p.f","desc":"d",` + more + `}]` }
	f(``, "get_fields returned an invalid JSON")
	f(`{}`, "get_fields returned an invalid JSON")
	f(`null`, "get_fields returned an invalid JSON")
	f(`[`, "get_fields returned an invalid JSON")
	f(`["x"]`, "get_fields returned an invalid JSON")
	f(`[{"type":[]}]`, "get_fields returned an invalid JSON")
	f(`[]`, "plugins with extraction capability must export at least one field")
	f(`[{}]`, "field JSON entry has no type")
	f(`[null]`, "field JSON entry has no type")
	f(`[{"type":"string","desc":"d"}]`, "field JSON entry has no name")
	f(`[{"type":"string","name":"n","desc":""}]`, "field JSON entry has no desc")
	f(`[{"type":"int","name":"n","desc":"d"}]`, "invalid field type int")
	f(`[{"type":5,"name":"n","desc":"d"}]`, "invalid field type 5")
	f(entry(`"isList":1`), "field p.f isList property is not boolean ")
	f(entry(`"addOutput":"x"`), "field p.f addOutput property is not boolean ")
	f(entry(`"arg":{"isRequired":1}`), "field p.f isRequired property is not boolean")
	f(entry(`"arg":{"isIndex":1}`), "field p.f isIndex property is not boolean")
	f(entry(`"arg":{"isKey":[]}`), "field p.f isKey property is not boolean")
	f(entry(`"arg":{"isRequired":true}`), "field p.f arg has isRequired true, but none of isKey nor isIndex is true")
	f(entry(`"arg":3`), "field p.f arg property is not an object")
	f(entry(`"properties":{}`), "field p.f properties property is not array ")
	f(entry(`"properties":["a",1]`), "field p.f properties value is not string ")
	f(entry(`"properties":[null]`), "field p.f properties value is not string ")
}

func FuzzParseFields(f *testing.F) {
	f.Add(`[{"type":"string","name":"p.f","desc":"d","arg":{"isKey":true},"properties":["x"]}]`)
	f.Add(`[{"type":"ipaddr","name":"é","desc":"d","isList":true}] x`)
	// Oracle: what is accepted keeps every promise of the catalogue, and errors name the plugin.
	f.Fuzz(func(t *testing.T, published string) {
		list, err := ParseFields("p", []byte(published))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "error in plugin p: ") {
				t.Errorf("error without the plugin: %v", err)
			}
			return
		}
		if len(list) == 0 {
			t.Error("no fields, no error")
		}
		for _, f := range list {
			if f.Name == "" || f.Desc == "" || f.Type.String() == "unknown" || f.Arg.Required && !f.Arg.Allowed() {
				t.Errorf("accepted: %+v", f)
			}
		}
	})
}

func TestParseSources(t *testing.T) {
	f := func(published, own, want string) {
		t.Helper()
		got, err := ParseSources("p", "get_extract_event_sources", []byte(published), own)
		text := fmt.Sprintf("%q", got)
		if err != nil {
			text = err.Error()
		}
		if got == nil && err == nil {
			text = "all"
		}
		if text != want {
			t.Errorf("%s of %q: got %s, want %s", published, own, text, want)
		}
	}
	f(``, "", "all")
	f(`[]`, "", "all")
	f(`[""]`, "", "all")
	f(``, "own", `["own"]`)
	f(`["a","b","a",""]`, "", `["a" "b"]`)
	f(`["a"]`, "own", `["a" "own"]`)
	f(`["own","a"]`, "own", `["own" "a"]`)
	f(`[1,null]`, "", `["1"]`)
	bad := "error in plugin p: 'get_extract_event_sources' did not return a json array"
	f(`{}`, "", bad)
	f(`null`, "", bad)
	f(`[{}]`, "", bad)
	f(`x`, "own", bad)
}

func TestParseAsyncEvents(t *testing.T) {
	if got, err := ParseAsyncEvents("p", []byte(`["one","two"]`)); err != nil || fmt.Sprint(got) != "[one two]" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ParseAsyncEvents("p", nil); err == nil || err.Error() != "error in plugin p: 'get_async_events' did not return a json array but it should" {
		t.Errorf("error = %v", err)
	}
	if _, err := ParseAsyncEvents("p", []byte(`3`)); err == nil || err.Error() != "error in plugin p: 'get_async_events' did not return a json array" {
		t.Errorf("error = %v", err)
	}
}

func TestParseOpenParams(t *testing.T) {
	f := func(published, want string) {
		t.Helper()
		got, err := ParseOpenParams("p", []byte(published))
		if text := fmt.Sprint(got, err); text != want {
			t.Errorf("%s: got %s, want %s", published, text, want)
		}
	}
	f(``, "[] <nil>")
	f(`[]`, "[] <nil>")
	f(`[{"value":"v"},{"value":5,"desc":"d","separator":";"}]`, "[{v  } {5 d ;}] <nil>")
	f(`"x"`, "[] error in plugin p: list_open_params returned a non-array JSON")
	f(`[{"value":""}]`, "[] error in plugin p: list_open_params has entry with no value")
}
