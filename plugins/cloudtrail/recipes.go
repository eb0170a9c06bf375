// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"strconv"
	"strings"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// The recipes of simple fields. Those of users, summaries and EC2 have files of their own.

// text is the value at a path.
func text(keys ...string) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot := b.Add(jsonscan.Keys(keys...))
		return func(x *extraction) event.Value { return x.str(slot) }
	}
}

// textOr is the value at a path, or else that of another member of the record.
func textOr(path []string, other string) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot, or := b.Add(jsonscan.Keys(path...)), b.Add(jsonscan.Keys(other))
		return func(x *extraction) event.Value {
			if v := x.str(slot); v.Present {
				return v
			}
			return x.str(or)
		}
	}
}

// jsonText is the value of a member of the record as JSON, whatever it is.
func jsonText(key string) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot := b.Add(jsonscan.Keys(key))
		return func(x *extraction) event.Value { return x.json(slot) }
	}
}

// flagText is "true" or "false".
func flagText(key string) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot := b.Add(jsonscan.Keys(key))
		return func(x *extraction) event.Value { return x.flag(slot) }
	}
}

// resources are the elements of an array as JSON, with commas between them.
func resources(b *jsonscan.Builder, _ *sdk.Request) getter {
	slot := b.Add(jsonscan.Keys("resources"))
	return func(x *extraction) event.Value {
		if x.found.At(slot).Kind != jsonscan.Array {
			return event.Value{}
		}
		list := strings.TrimPrefix(x.json(slot).Str, "[")
		if list = strings.TrimSuffix(list, "]"); list == "" {
			return event.Value{}
		}
		return event.StringValue(list)
	}
}

const amazon = ".amazonaws.com"

// shortSource is eventSource without the domain that most services have.
func shortSource(b *jsonscan.Builder, _ *sdk.Request) getter {
	slot := b.Add(jsonscan.Keys("eventSource"))
	return func(x *extraction) event.Value {
		v := x.str(slot)
		v.Str = trimService(v.Str)
		return v
	}
}

func trimService(s string) string {
	if len(s) > len(amazon) {
		return strings.TrimSuffix(s, amazon)
	}
	return s
}

// writers are the first words of the names of calls that change something.
var writers = []string{
	"Activate", "Add", "Admin", "Assign", "Associate", "Attach", "Cancel", "Close", "Create",
	"Delete", "Deregister", "Destroy", "Detach", "Disable", "Disassociate", "Enable",
	"Initialize", "Modify", "Open", "Purchase", "Put", "Reboot", "Register", "Remove", "Run",
	"Set", "Start", "Stop", "Suspend", "Terminate", "Unassign", "Unlink", "Update", "Upgrade", "Wipe",
}

// readOnly is "true" or "false". Some records do not say; their event's name decides.
func readOnly(b *jsonscan.Builder, _ *sdk.Request) getter {
	slot, name := b.Add(jsonscan.Keys("readOnly")), b.Add(jsonscan.Keys("eventName"))
	return func(x *extraction) event.Value {
		if x.present(slot) {
			return x.flag(slot)
		}
		call := x.str(name)
		if !call.Present {
			return event.Value{}
		}
		for _, w := range writers {
			if strings.HasPrefix(call.Str, w) {
				return event.StringValue("false")
			}
		}
		return event.StringValue("true")
	}
}

// uri is s3://bucket/key.
func uri(b *jsonscan.Builder, _ *sdk.Request) getter {
	bucket := b.Add(jsonscan.Keys("requestParameters", "bucketName"))
	key := b.Add(jsonscan.Keys("requestParameters", "key"))
	return func(x *extraction) event.Value {
		// Both, and as strings, or there is no object that the address could mean.
		if x.found.At(bucket).Kind != jsonscan.String || x.found.At(key).Kind != jsonscan.String {
			return event.Value{}
		}
		x.text = append(append(x.text[:0], "s3://"...), x.str(bucket).Str...)
		x.text = append(append(x.text, '/'), x.str(key).Str...)
		return x.keep()
	}
}

// bytesMoved is the sum of numbers of additionalEventData, if there is one of them.
func bytesMoved(keys ...string) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		var slots []int
		for _, k := range keys {
			slots = append(slots, b.Add(jsonscan.Keys("additionalEventData", k)))
		}
		return func(x *extraction) event.Value {
			var sum event.Value
			for _, s := range slots {
				if n, ok := x.number(s); ok {
					sum.Num += n
					sum.Present = true
				}
			}
			return sum
		}
	}
}

// number returns a number without its fraction. Negative ones are none.
func (x *extraction) number(slot int) (n uint64, ok bool) {
	s := x.found.At(slot)
	if s.Kind != jsonscan.Number {
		return 0, false
	}
	raw := x.found.Raw(s)
	for _, c := range raw {
		if n > (1<<64-1-9)/10 || c < '0' || c > '9' {
			return truncate(event.String(raw))
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

// truncate is for numbers with a fraction or an exponent, and for very large ones.
func truncate(s string) (n uint64, ok bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f >= 1<<64 {
		return 0, false
	}
	return uint64(f), true
}

// countIf is 1 for events whose name is one of names, or for all others; else absent.
func countIf(among bool, names ...string) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot := b.Add(jsonscan.Keys("eventName"))
		return func(x *extraction) event.Value {
			found := false
			for _, n := range names {
				found = found || x.is(slot, n)
			}
			if found != among {
				return event.Value{}
			}
			return event.NumValue(1)
		}
	}
}
