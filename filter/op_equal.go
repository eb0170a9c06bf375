// SPDX-License-Identifier: Apache-2.0

package filter

import "github.com/gyr-dev/gyr/event"

// equal is "=" on strings, and on addresses as bytes.
type equal string

func (v equal) match(s string) bool { return s == string(v) }

// notEqual is "!=" on strings, and on addresses as bytes.
type notEqual string

func (v notEqual) match(s string) bool { return s != string(v) }

func equalOrNot(op, v string) matcher {
	if op == "!=" {
		return notEqual(v)
	}
	return equal(v)
}

// addrTest applies a matcher to the bytes of an address. What has another length than an
// address matches nothing.
type addrTest struct {
	source
	m matcher
}

func (t *addrTest) eval(env *Env) bool {
	v := t.get(env)
	return v != nil && isAddr(v) && t.m.match(v.Str)
}

func isAddr(v *event.Value) bool { return len(v.Str) == 4 || len(v.Str) == 16 }
