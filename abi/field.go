// SPDX-License-Identifier: Apache-2.0

package abi

// FieldType is the type of a field's values, with the numbers of the C interface.
type FieldType uint32

// The field types of API 3.x. Older plugins use only Uint64 and String.
const (
	Uint64  FieldType = 8
	String  FieldType = 9
	RelTime FieldType = 20 // nanoseconds
	AbsTime FieldType = 21 // nanoseconds since the Unix epoch
	Bool    FieldType = 25
	IPAddr  FieldType = 40 // 4 or 16 bytes
	IPNet   FieldType = 41 // 4 or 16 bytes: the values are addresses
)

var typeNames = map[FieldType]string{
	Uint64: "uint64", String: "string", RelTime: "reltime", AbsTime: "abstime",
	Bool: "bool", IPAddr: "ipaddr", IPNet: "ipnet",
}

// String returns the type's name in field descriptions ("uint64", "ipaddr"), or "unknown".
func (t FieldType) String() string {
	if s, ok := typeNames[t]; ok {
		return s
	}
	return "unknown"
}

// ParseFieldType is the inverse of String; ok is false for an unknown name.
func ParseFieldType(s string) (t FieldType, ok bool) {
	for t, name := range typeNames {
		if name == s {
			return t, true
		}
	}
	return 0, false
}

// FieldArg describes the argument of a field in brackets: field[argument].
type FieldArg struct {
	Required bool `json:"isRequired,omitempty"`
	Index    bool `json:"isIndex,omitempty"` // a decimal number
	Key      bool `json:"isKey,omitempty"`   // any text
}

// Allowed reports whether the field accepts an argument.
func (a FieldArg) Allowed() bool { return a.Index || a.Key }

// FieldInfo describes a field, as published by plugins (get_fields). The index in the
// published list is the field's ID in extraction requests.
type FieldInfo struct {
	Name       string
	Type       FieldType
	List       bool // the field has zero or more values
	Arg        FieldArg
	Display    string // short title, may be empty
	Desc       string
	AddOutput  bool     // suggested for alert outputs
	Properties []string // "hidden", "info", "conversation"; others are ignored
}

// Hidden reports whether field lists omit the field.
func (f *FieldInfo) Hidden() bool {
	for _, p := range f.Properties {
		if p == "hidden" {
			return true
		}
	}
	return false
}
