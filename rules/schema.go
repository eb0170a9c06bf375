// SPDX-License-Identifier: Apache-2.0

package rules

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

//go:embed schema.json
var schemaText string

// Schema returns the JSON schema of rules files.
func Schema() string { return strings.TrimSpace(schemaText) }

const (
	schemaOK        = "ok"
	maxSchemaNotes  = 100
	maxSchemaValues = 1 << 20 // aliases may stand for more
)

// schema has the words of JSON Schema that schema.json uses. YAML scalars have no types for
// Falco, so a text that reads like a number is one where a number is wanted, and a text
// elsewhere ([hasType]); a validator with types of its own would refuse much that is fine.
type schema struct {
	Ref                  string             `json:"$ref"`
	Type                 string             `json:"type"`
	Properties           map[string]*schema `json:"properties"`
	AdditionalProperties *bool              `json:"additionalProperties"`
	Required             []string           `json:"required"`
	MinProperties        int                `json:"minProperties"`
	Items                *schema            `json:"items"`
	Enum                 []string           `json:"enum"`
	AnyOf                []*schema          `json:"anyOf"`
	Definitions          map[string]*schema `json:"definitions"`
}

var parsedSchema = sync.OnceValue(func() *schema {
	s := new(schema)
	if err := json.Unmarshal([]byte(schemaText), s); err != nil {
		panic(err) // the schema is part of the program, and tested
	}
	return s
})

// checkSchema compares a document with the schema. It returns "ok", or the differences, each
// with its way from the root.
func checkSchema(doc *yaml.Node) []string {
	c := newSchemaCheck()
	c.bad = !c.check(c.root, doc, "<root>")
	return c.result()
}

// schemaCheck is the comparison of one document, which may come item by item.
type schemaCheck struct {
	root  *schema
	notes []string
	left  int
	items int
	bad   bool
}

func newSchemaCheck() *schemaCheck {
	return &schemaCheck{root: parsedSchema(), left: maxSchemaValues}
}

// item compares the next item of a document that is a sequence.
func (c *schemaCheck) item(n *yaml.Node) {
	if !c.checkItem(c.root.Items, n, "<root>", c.items) {
		c.bad = true
	}
	c.items++
}

// result returns "ok", or the differences.
func (c *schemaCheck) result() []string {
	if c.bad {
		return c.notes
	}
	return []string{schemaOK}
}

func (c *schemaCheck) note(path, msg string) bool {
	if len(c.notes) < maxSchemaNotes {
		c.notes = append(c.notes, "failed for "+path+": "+msg)
	}
	return false
}

func (c *schemaCheck) check(s *schema, n *yaml.Node, path string) bool {
	if c.left--; c.left < 0 {
		return true
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/definitions/"); ok {
		s = c.root.Definitions[name]
	}
	n = resolve(n)
	switch {
	case len(s.AnyOf) > 0:
		if !slices.ContainsFunc(s.AnyOf, func(s *schema) bool { return hasType(s.Type, n) }) {
			return c.note(path, "Failed to validate against any child schemas allowed by anyOf constraint.")
		}
	case s.Type != "" && !hasType(s.Type, n):
		return c.note(path, "Value type not permitted by 'type' constraint.")
	}
	ok := len(s.Enum) == 0 || slices.Contains(s.Enum, n.Value) || c.note(path, "Failed to match against any enum values.")
	switch n.Kind {
	case yaml.SequenceNode:
		return c.checkItems(s, n, path) && ok
	case yaml.MappingNode:
		return c.checkMembers(s, n, path) && ok
	}
	return ok
}

func (c *schemaCheck) checkItems(s *schema, n *yaml.Node, path string) bool {
	if s.Items == nil {
		return true
	}
	ok := true
	for i, item := range n.Content {
		ok = c.checkItem(s.Items, item, path, i) && ok
	}
	return ok
}

func (c *schemaCheck) checkItem(s *schema, n *yaml.Node, path string, i int) bool {
	return c.check(s, n, path+"["+strconv.Itoa(i)+"]") || c.note(path, fmt.Sprintf("Failed to validate item #%d in array.", i))
}

func (c *schemaCheck) checkMembers(s *schema, n *yaml.Node, path string) bool {
	ok := true
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolve(n.Content[i]).Value
		p := s.Properties[key]
		if p == nil {
			if s.AdditionalProperties != nil && !*s.AdditionalProperties {
				ok = c.note(path, "Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: '"+key+"'.")
			}
			continue
		}
		if !c.check(p, n.Content[i+1], path+"["+key+"]") {
			ok = c.note(path, "Failed to validate against schema associated with property name '"+key+"'.")
		}
	}
	for _, key := range s.Required {
		if get(n, key) == nil {
			ok = c.note(path, "Missing required property '"+key+"'.")
		}
	}
	if len(n.Content)/2 < s.MinProperties {
		ok = c.note(path, fmt.Sprintf("Object should have no fewer than %d properties.", s.MinProperties))
	}
	return ok
}

// hasType reports whether a value can be read as a type, as Falco's validator does with types
// that it does not know from YAML: whatever it is, it can be a text; a truth is only true or
// false; a number is decimal.
func hasType(t string, n *yaml.Node) bool {
	empty := len(n.Content) == 0
	switch t {
	case "array":
		return n.Kind == yaml.SequenceNode || n.Kind == yaml.MappingNode && empty
	case "object":
		return n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode && empty
	case "boolean":
		return isScalar(n) && (n.Value == "true" || n.Value == "false")
	case "integer":
		_, err := strconv.ParseInt(strings.TrimLeft(n.Value, " \t\n\v\f\r"), 10, 64)
		return isScalar(n) && err == nil
	}
	return true
}
