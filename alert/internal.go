// SPDX-License-Identifier: Apache-2.0

package alert

import (
	"math"
	"strconv"

	"github.com/gyr-dev/gyr/internal/timetext"
)

// Value is a named value of an internal message.
type Value struct {
	Name string
	Kind ValueKind
	Str  string  // of ValueString
	Uint uint64  // of ValueUint
	Int  int64   // of ValueInt
	Num  float64 // of ValueFloat
}

// ValueKind is the type of a [Value].
type ValueKind uint8

// The types of values.
const (
	ValueString ValueKind = iota
	ValueUint
	ValueFloat
	ValueInt
)

// AppendInternal appends the line of a message of gyr's own, without a newline. rule is the
// kind of the message; values are sorted by name. As text the values stand behind the
// message, in parentheses, and the time is always the local time of the day.
func (e *Encoder) AppendInternal(dst []byte, rule string, p Priority, time uint64, message string, values []Value) []byte {
	if !e.JSON {
		dst = timetext.AppendClock(dst, time, e.Offset, true)
		dst = append(append(dst, ": "...), p.String()...)
		dst = append(append(append(dst, ' '), message...), " ("...)
		for i := range values {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = values[i].append(append(append(dst, values[i].Name...), '='))
		}
		return append(dst, ')')
	}
	dst = append(dst, `{"hostname":`...)
	dst = append(AppendQuoted(dst, e.Hostname), `,"output":`...)
	dst = append(AppendQuoted(dst, message), `,"output_fields":`...)
	dst = append(AppendValues(dst, values), ',')
	return appendTime(appendAbout(dst, rule, Internal, p), time)
}

// AppendValues appends the values as a JSON object.
func AppendValues(dst []byte, values []Value) []byte {
	dst = append(dst, '{')
	for i := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = values[i].append(append(AppendQuoted(dst, values[i].Name), ':'))
	}
	return append(dst, '}')
}

func (v *Value) append(dst []byte) []byte {
	switch v.Kind {
	case ValueUint:
		return strconv.AppendUint(dst, v.Uint, 10)
	case ValueFloat:
		return appendFloat(dst, v.Num)
	case ValueInt:
		return strconv.AppendInt(dst, v.Int, 10)
	}
	return AppendQuoted(dst, v.Str)
}

// appendFloat appends the shortest decimal that reads as f, with a fraction or an exponent,
// or null if f is no number.
func appendFloat(dst []byte, f float64) []byte {
	a := math.Abs(f)
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(dst, "null"...)
	case a != 0 && (a < 1e-4 || a >= 1e15):
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	case f == math.Trunc(f):
		return append(strconv.AppendFloat(dst, f, 'f', -1, 64), ".0"...)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}
