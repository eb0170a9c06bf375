// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"strconv"
	"strings"

	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// The recipes of simple fields. Those of users, summaries and EC2 have files of their own.

// text is the value at a path.
func text(keys ...string) textRecipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) textGetter {
		slot := b.Add(jsonscan.Keys(keys...))
		return func(x *extraction) (string, bool) { return x.text(slot) }
	}
}

// textOr is the value at a path, or else that of another member of the record.
func textOr(path []string, other string) textRecipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) textGetter {
		slot, or := b.Add(jsonscan.Keys(path...)), b.Add(jsonscan.Keys(other))
		return func(x *extraction) (string, bool) {
			if s, ok := x.text(slot); ok {
				return s, true
			}
			return x.text(or)
		}
	}
}

// jsonText is the value of a member of the record as JSON, whatever it is.
func jsonText(key string) textRecipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) textGetter {
		slot := b.Add(jsonscan.Keys(key))
		return func(x *extraction) (string, bool) { return x.json(slot) }
	}
}

// flagText is "true" or "false".
func flagText(key string) textRecipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) textGetter {
		slot := b.Add(jsonscan.Keys(key))
		return func(x *extraction) (string, bool) {
			if !x.present(slot) {
				return "", false
			}
			text, _ := x.flag(slot)
			return text, true
		}
	}
}

// resources are the elements of an array as JSON, with commas between them.
func resources(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	slot := b.Add(jsonscan.Keys("resources"))
	return func(x *extraction) (string, bool) {
		if x.found.At(slot).Kind != jsonscan.Array {
			return "", false
		}
		list, _ := x.json(slot)
		list = strings.TrimSuffix(strings.TrimPrefix(list, "["), "]")
		return list, list != ""
	}
}

const amazon = ".amazonaws.com"

// shortSource is eventSource without the domain that most services have.
func shortSource(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	slot := b.Add(jsonscan.Keys("eventSource"))
	return func(x *extraction) (string, bool) {
		s, ok := x.text(slot)
		return trimService(s), ok
	}
}

func trimService(s string) string {
	if len(s) > len(amazon) {
		return strings.TrimSuffix(s, amazon)
	}
	return s
}

// uri is s3://bucket/key.
func uri(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	bucket := b.Add(jsonscan.Keys("requestParameters", "bucketName"))
	key := b.Add(jsonscan.Keys("requestParameters", "key"))
	return func(x *extraction) (string, bool) {
		// Both, and as simple values, or there is no object that the address could mean.
		if !x.simple(bucket) || !x.simple(key) {
			return "", false
		}
		bucket, _ := x.text(bucket)
		key, _ := x.text(key)
		x.buf = append(append(x.buf[:0], "s3://"...), bucket...)
		x.buf = append(append(x.buf, '/'), key...)
		return x.mem.CopyString(x.buf), true
	}
}

// bytesMoved is the sum of numbers of additionalEventData, if there is one of them.
func bytesMoved(keys ...string) numRecipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) numGetter {
		var slots []int
		for _, k := range keys {
			slots = append(slots, b.Add(jsonscan.Keys("additionalEventData", k)))
		}
		return func(x *extraction) (sum uint64, any bool) {
			for _, s := range slots {
				if n, ok := x.number(s); ok {
					sum += n
					any = true
				}
			}
			return sum, any
		}
	}
}

// number returns a number, or one that is written as a text, without its fraction. Negative
// ones are none.
func (x *extraction) number(slot int) (n uint64, ok bool) {
	var text string
	switch x.found.At(slot).Kind {
	case jsonscan.Number, jsonscan.String:
		text, _ = x.text(slot)
	}
	for _, c := range []byte(text) {
		if n > (1<<64-1-9)/10 || c < '0' || c > '9' {
			return truncate(text)
		}
		n = n*10 + uint64(c-'0')
	}
	return n, text != ""
}

// truncate is for numbers with a fraction or an exponent, and for very large ones.
func truncate(s string) (n uint64, ok bool) {
	if strings.Trim(s, "0123456789.eE+-") != "" { // ParseFloat knows more than JSON does
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f >= 1<<64 {
		return 0, false
	}
	return uint64(f), true
}

// countIf is 1 for events whose name is one of names, or for all others; else absent.
func countIf(among bool, names ...string) numRecipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) numGetter {
		slot := b.Add(jsonscan.Keys("eventName"))
		return func(x *extraction) (uint64, bool) {
			found := false
			for _, n := range names {
				found = found || x.is(slot, n)
			}
			if found != among {
				return 0, false
			}
			return 1, true
		}
	}
}
