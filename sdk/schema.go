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

// Schema returns the JSON schema of a configuration that is decoded into a struct like config,
// whose values are the defaults. Use it for [SchemaProvider], and call it once, when the
// package is initialized:
//
//	type settings struct {
//		Address string   `json:"address" desc:"Address to listen on" required:"true"`
//		Level   string   `json:"level" desc:"Verbosity" enum:"low,high"`
//		Retries int      `json:"retries" desc:"Maximum number of retries" min:"0" max:"10"`
//	}
//
//	var schema = sdk.Schema(settings{Level: "low", Retries: 3})
//
// Names and exclusions come from json tags. Other tags are desc, required ("true"), enum (a
// comma-separated list of strings or numbers), and min and max of a number. Unknown keys are
// rejected, unless the struct has this blank field:
//
//	_ struct{} `unknownKeys:"allowed"`
//
// Types with their own decoding methods, and types that a schema cannot describe, accept any
// value.
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
	if err != nil { // cannot fail: strings, numbers, and defaults that have been encoded before
		return "{}"
	}
	return string(b)
}

// DecodeConfig decodes a JSON text (a configuration or the parameters of Open) into a struct
// that holds the defaults. An empty text changes nothing. It returns the error of encoding/json,
// so the caller should add which text is invalid.
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

// schemaOf returns the schema of t. def is its default, the zero Value if there is none. outer
// holds the structs around t, which must not occur again inside.
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

// allowsUnknown reports whether a blank field of t allows unknown keys.
func allowsUnknown(t reflect.Type) bool {
	for f := range t.Fields() {
		if f.Name == "_" && f.Tag.Get("unknownKeys") == "allowed" {
			return true
		}
	}
	return false
}

// jsonName returns the key of a field; ok is false if encoding/json ignores it.
func jsonName(f reflect.StructField) (name string, ok bool) {
	tag, tagged := f.Tag.Lookup("json")
	name, _, _ = strings.Cut(tag, ",")
	switch {
	case !f.IsExported() || tag == "-":
		return "", false
	case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
		return "", false // its fields are promoted
	case !tagged || name == "":
		name = f.Name
	}
	return name, true
}

// annotate adds the information from the tags.
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
