// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"
)

// validate validates a file against the schema. Type checks are lenient: "true" in quotes is a
// boolean and 1 is a string. The result is as in [File.Validation].
func validate(root *node) string {
	if root.kind == kindNull {
		return ValidationOK
	}
	if fault := keys().check(root, "<root>"); fault != "" {
		return "failed for " + fault
	}
	return ValidationOK
}

// check returns the first violation, "<place>: description", or "".
func (s *spec) check(n *node, place string) string {
	switch {
	case n.kind == kindMap && s.isMap():
		return s.checkMap(n, place)
	case n.kind == kindSeq && s.isSeq():
		for i, k := range n.kids {
			if fault := s.items.check(k, fmt.Sprintf("%s[%d]", place, i)); fault != "" {
				return fault
			}
		}
		return ""
	}
	if !s.allows(n) {
		return place + ": Value type not permitted by 'type' constraint."
	}
	if len(s.enum) == 0 || slices.Contains(s.enum, n.value) {
		return ""
	}
	return place + ": Failed to match against any enum values."
}

// checkMap checks known keys in alphabetical order, then unknown ones.
func (s *spec) checkMap(n *node, place string) string {
	for _, name := range s.names() {
		if v := n.get(name); v != nil {
			if fault := s.props[name].check(v, place+"["+name+"]"); fault != "" {
				return fault
			}
		}
	}
	for i, name := range n.keys {
		if s.props[name] != nil {
			continue
		}
		if s.any == nil {
			return fmt.Sprintf("%s: Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: '%s'.", place, name)
		}
		if fault := s.any.check(n.kids[i], place+"["+name+"]"); fault != "" {
			return fault
		}
	}
	for _, name := range s.required {
		if n.get(name) == nil {
			return fmt.Sprintf("%s: Missing required property '%s'.", place, name)
		}
	}
	return ""
}

// allows reports whether n has one of the types of s.
func (s *spec) allows(n *node) bool {
	if len(s.types) == 0 {
		return !s.isMap() && !s.isSeq()
	}
	for _, t := range s.types {
		if n.kind == kindNull && t == "null" || n.kind == kindMap && t == "map" {
			return true
		}
		if n.kind == kindScalar && scalarIs(n.value, t) {
			return true
		}
	}
	return false
}

func scalarIs(v, typ string) (ok bool) {
	switch typ {
	case "string":
		return true
	case "null":
		return v == ""
	case "bool":
		_, ok = toBool(v)
	case "int":
		_, ok = toInt(v)
	case "uint":
		_, ok = toUint(v)
	case "number":
		_, ok = toFloat(v)
	}
	return ok
}
