// SPDX-License-Identifier: Apache-2.0

package event

// Value is one field of one event: absent, a single value, or a list. The field's type
// (see [abi.FieldType]) says which member holds it; a value does not know its type.
//
//	type                     member
//	string                   Str (may hold any bytes but NUL)
//	uint64 reltime abstime   Num
//	bool                     Num, 0 or 1
//	ipaddr ipnet             Str, 4 or 16 bytes in network order
//	list of any of these     List, each element Present
//
// Values are views into the batch that the event belongs to; see the package comment.
// The zero value is absent. An empty list is absent too.
type Value struct {
	Str     string
	Num     uint64
	List    []Value
	Present bool
}

// StringValue returns a present string (or address) value.
func StringValue(s string) Value { return Value{Str: s, Present: true} }

// NumValue returns a present number.
func NumValue(n uint64) Value { return Value{Num: n, Present: true} }

// BoolValue returns a present boolean.
func BoolValue(b bool) Value {
	if b {
		return Value{Num: 1, Present: true}
	}
	return Value{Present: true}
}

// ListValue returns a list, which is absent if it has no elements. The slice is not copied.
func ListValue(list []Value) Value { return Value{List: list, Present: len(list) > 0} }
