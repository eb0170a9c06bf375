// SPDX-License-Identifier: Apache-2.0

package config

import "encoding/json"

// Schema returns the JSON schema of configuration files, indented.
func Schema() string {
	m := keys().schema()
	m["$schema"] = "http://json-schema.org/draft-07/schema#"
	m["title"] = "gyr configuration"
	out, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err) // cannot happen for maps of strings
	}
	return string(out)
}

// schemaTypes maps the types of keys.txt to JSON schema types.
var schemaTypes = map[string]string{
	"bool": "boolean", "int": "integer", "uint": "integer", "number": "number",
	"string": "string", "null": "null", "map": "object",
}

func (s *spec) schema() map[string]any {
	m := map[string]any{}
	if s.meaning != "" {
		m["description"] = s.meaning
	}
	types := make([]any, 0, 2)
	for _, t := range s.types {
		types = append(types, schemaTypes[t])
		if t == "uint" {
			m["minimum"] = 0
		}
	}
	if s.isMap() {
		if len(types) == 0 {
			types = append(types, "object")
		}
		s.mapSchema(m)
	}
	if s.isSeq() {
		types = append(types, "array")
		m["items"] = s.items.schema()
	}
	switch len(types) {
	case 0:
	case 1:
		m["type"] = types[0]
	default:
		m["type"] = types
	}
	if s.enum != nil {
		m["enum"] = s.enum
	}
	return m
}

func (s *spec) mapSchema(m map[string]any) {
	if s.any != nil {
		m["additionalProperties"] = s.any.schema()
	} else {
		m["additionalProperties"] = false
	}
	if s.props != nil {
		props := map[string]any{}
		for name, p := range s.props {
			props[name] = p.schema()
		}
		m["properties"] = props
	}
	if s.required != nil {
		m["required"] = s.required
	}
}
