// SPDX-License-Identifier: Apache-2.0

package template

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInspect(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		faults, doubts := Inspect(text, newScope(t))
		var got []string
		for _, x := range append(faults, doubts...) {
			s := fmt.Sprintf("%d %s", x.Offset, x.Message)
			if x.Hint != "" {
				s += " (" + x.Hint + ")"
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", text, diff)
		}
		tmpl, err := Compile(text, newScope(t))
		if (err != nil) != (len(faults) > 0) {
			t.Errorf("%s: %d faults, but %v", text, len(faults), err)
		}
		if err == nil && tmpl.Glued() != (len(doubts) > 0) {
			t.Errorf("%s: %d doubts, but %v", text, len(doubts), tmpl.Glued())
		}
	}
	f("a %x.s b")
	f("*%x.s %5x.n: (%x.s)[%x.s].")
	f("a %x.wrong b %y.nope %x.s", "3 unknown field x.wrong", "14 unknown field y.nope")
	f("%10x.wrong", "3 unknown field x.wrong")
	f("%tolower(x.wrong) %x.key", "9 unknown field x.wrong", "19 filter 'x.key': x.key requires an argument but none provided")
	f("%lower(x.s)", "1 unknown transformer lower")
	f("100% sure", "3 no field follows the % ("+noPercent+")")
	f("100%", "3 no field follows the % ("+noPercent+")")
	f("50%% of %10", "2 no field follows the % ("+noPercent+")", "3 no field follows the % ("+noPercent+")", "8 no field follows the % ("+noPercent+")")
	f("%{x.s}", "1 no field follows the % (write %field without brackets around it)")
	f("%user", "1 unknown field user")
	f("%x.sub and %x.size", "12 the field is x.s, and ize is text behind it (put a blank or a sign between them, or correct the name of the field)")
	f("%x.s.more %x.s. %x.s", "1 the field is x.s, and .more is text behind it (put a blank or a sign between them, or correct the name of the field)")
	f("%x.key[k]x")
	f(strings.Repeat("%", 3), "0 no field follows the % ("+noPercent+")", "1 no field follows the % ("+noPercent+")", "2 no field follows the % ("+noPercent+")")
}
