// SPDX-License-Identifier: Apache-2.0

package template

import (
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/filter"
)

func TestPrintable(t *testing.T) {
	env := &filter.Env{Arena: event.NewArena(nil, nil)}
	f := func(in, want string) {
		t.Helper()
		if got := printable(event.StringValue(in), env).Str; got != want {
			t.Errorf("%q shows as %q, want %q", in, got, want)
		}
	}
	f("", "")
	f("plain é☃ text", "plain é☃ text")
	f("a\tb\nc\x7f", "a\uFFFDb\uFFFDc\uFFFD")
	f("c1 \u0085 \u009f \u00a0", "c1 \uFFFD \uFFFD \u00a0")
	f("\ufdd0\ufffe\U0001ffff\U0001fffd", "\uFFFD\uFFFD\uFFFD\U0001fffd")
	f("\xff\xc0\x80", "\uFFFD\uFFFD\uFFFD")
	f("\xe2\x98", "\uFFFD")
	f("\xe2\x98x", "\uFFFDx")
	f("\xe2\x28", "\uFFFD(")
	f("\xf0\x9f\x98", "\uFFFD")
	f("\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD") // a surrogate
	if v := printable(event.Value{}, env); v.Present {
		t.Error("an absent value becomes present")
	}
}
