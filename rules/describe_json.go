// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/gyr-dev/gyr/alert"
)

// object is a JSON object; its members come out sorted by name.
type object = map[string]any

// encode writes JSON as Falco's library does: only what must be escaped is, and U+FFFD stands
// for each maximal subpart that is not UTF-8.
func encode(v any) ([]byte, error) { return appendJSON(nil, v) }

func appendJSON(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return alert.AppendQuoted(dst, v), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case uint32:
		return strconv.AppendUint(dst, uint64(v), 10), nil
	case []string:
		return appendArray(dst, v)
	case []any:
		return appendArray(dst, v)
	case object:
		return appendObject(dst, v)
	}
	return dst, fmt.Errorf("no JSON for a value of type %T", v)
}

func appendArray[T any](dst []byte, list []T) (_ []byte, err error) {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendJSON(dst, v); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendObject(dst []byte, o object) (_ []byte, err error) {
	dst = append(dst, '{')
	for i, name := range slices.Sorted(maps.Keys(o)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendJSON(append(alert.AppendQuoted(dst, name), ':'), o[name]); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}
