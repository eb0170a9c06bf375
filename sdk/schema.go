// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Schema returns the JSON schema of a configuration that is decoded into a struct like
// config, whose values are the defaults. It is meant for [SchemaProvider] and is called
// once, when the package is initialised:
//
//	type settings struct {
//		Address string   `json:"address" desc:"Where to listen" required:"true"`
//		Level   string   `json:"level" desc:"How much to tell" enum:"low,high"`
//		Retries int      `json:"retries" desc:"How often to try again" min:"0" max:"10"`
//	}
//
//	var schema = sdk.Schema(settings{Level: "low", Retries: 3})
//
// Names and exclusions come from json tags. The other tags are desc; required ("true");
// enum, a list of texts or numbers with commas; min and max of a number. Keys that the
// struct does not have are refused, unless it has a blank field that says otherwise:
//
//	_ struct{} `unknownKeys:"allowed"`
//
// What encoding/json decodes by methods of its own, and what no schema can describe, is
// accepted as it is.
func Schema(config any) string {
	v := reflect.ValueOf(config)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	root := map[string]any{}
	if v.IsValid() {
		root = schemaOf(v.Type(), v, nil)
	}
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	b, err := json.Marshal(root)
	if err != nil { // it consists of texts, numbers and defaults that were encoded before
		return "{}"
	}
	return string(b)
}

// DecodeConfig decodes a JSON text, a configuration or the parameters of Open, into a
// struct that holds the defaults. An empty text changes nothing. The error is that of
// encoding/json, so that the caller can say which text was wrong.
func DecodeConfig(text string, to any) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), to)
}

var (
	jsonType = reflect.TypeFor[json.Unmarshaler]()
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// schemaOf describes t. def is its default, invalid if there is none; outer are the structs
// that t lies in, which it must not contain again.
func schemaOf(t reflect.Type, def reflect.Value, outer []reflect.Type) map[string]any {
	switch p := reflect.PointerTo(t); {
	case p.Implements(jsonType):
		return map[string]any{}
	case p.Implements(textType):
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return map[string]any{"type": "integer", "minimum": 0}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Pointer:
		return schemaOf(t.Elem(), reflect.Value{}, outer)
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 && t.Kind() == reflect.Slice {
			return map[string]any{"type": "string"} // base64
		}
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), reflect.Value{}, outer)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), reflect.Value{}, outer)}
	case reflect.Struct:
		if slices.Contains(outer, t) {
			return map[string]any{"type": "object"}
		}
		return schemaOfStruct(t, def, append(slices.Clip(outer), t))
	default:
		return map[string]any{}
	}
}

func schemaOfStruct(t reflect.Type, def reflect.Value, outer []reflect.Type) map[string]any {
	props := map[string]any{}
	var required []string
	for _, f := range reflect.VisibleFields(t) {
		name, ok := jsonName(f)
		if !ok {
			continue
		}
		var d reflect.Value
		if def.IsValid() {
			d, _ = def.FieldByIndexErr(f.Index)
		}
		p := schemaOf(f.Type, d, outer)
		annotate(p, f.Tag)
		if need, _ := strconv.ParseBool(f.Tag.Get("required")); need {
			required = append(required, name)
		} else if d.IsValid() && !d.IsZero() && f.Type.Kind() != reflect.Struct {
			if b, err := json.Marshal(d.Interface()); err == nil {
				p["default"] = json.RawMessage(b)
			}
		}
		props[name] = p
	}
	s := map[string]any{"type": "object", "properties": props, "additionalProperties": allowsUnknown(t)}
	if required != nil {
		s["required"] = required
	}
	return s
}

// allowsUnknown reports whether a blank field of t says that keys without a field are fine.
func allowsUnknown(t reflect.Type) bool {
	for f := range t.Fields() {
		if f.Name == "_" && f.Tag.Get("unknownKeys") == "allowed" {
			return true
		}
	}
	return false
}

// jsonName returns the key of a field; ok is false if encoding/json does not look at it.
func jsonName(f reflect.StructField) (name string, ok bool) {
	tag, tagged := f.Tag.Lookup("json")
	name, _, _ = strings.Cut(tag, ",")
	switch {
	case !f.IsExported() || tag == "-":
		return "", false
	case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
		return "", false // its fields are visible here
	case !tagged || name == "":
		name = f.Name
	}
	return name, true
}

// annotate adds what the tags say.
func annotate(p map[string]any, tag reflect.StructTag) {
	if d := tag.Get("desc"); d != "" {
		p["description"] = d
	}
	for key, word := range map[string]string{"min": "minimum", "max": "maximum"} {
		if n := tag.Get(key); json.Valid([]byte(n)) {
			p[word] = json.RawMessage(n)
		}
	}
	list := tag.Get("enum")
	if list == "" {
		return
	}
	var values []any
	for s := range strings.SplitSeq(list, ",") {
		if p["type"] != "string" && json.Valid([]byte(s)) {
			values = append(values, json.RawMessage(s))
		} else {
			values = append(values, s)
		}
	}
	p["enum"] = values
}
