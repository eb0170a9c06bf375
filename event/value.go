// SPDX-License-Identifier: Apache-2.0

package event

// Value is the value of a field: absent, a single value, or a list. The field's type (see
// [abi.FieldType]) determines which member holds it; a Value does not store its type.
//
//	type                     member
//	string                   Str (may hold any bytes but NUL)
//	uint64 reltime abstime   Num
//	bool                     Num, 0 or 1
//	ipaddr ipnet             Str, 4 or 16 bytes in network order
//	list of any of these     List, each element Present
//
// Values are views of the memory of the event's batch; see the package comment. The zero
// Value is absent. An empty list is also absent.
type Value struct {
	Str     string
	Num     uint64
	List    []Value
	Present bool
}

// StringValue returns a string or address.
func StringValue(s string) Value { return Value{Str: s, Present: true} }

// NumValue returns a number.
func NumValue(n uint64) Value { return Value{Num: n, Present: true} }

// BoolValue returns a boolean.
func BoolValue(b bool) Value {
	if b {
		return Value{Num: 1, Present: true}
	}
	return Value{Present: true}
}

// ListValue returns a list, which is absent if it has no elements. It does not copy the slice.
func ListValue(list []Value) Value { return Value{List: list, Present: len(list) > 0} }
