// SPDX-License-Identifier: Apache-2.0

package compat

import "testing"

func TestParse(t *testing.T) {
	for _, v := range []Version{V045, V044} {
		if got, err := Parse(v.String()); err != nil || got != v {
			t.Errorf("Parse(%q): got %v, %v", v.String(), got, err)
		}
	}
	for _, s := range []string{"", "0.43", "0.45.0", "0.450", " 0.45", "latest"} {
		if v, err := Parse(s); err == nil {
			t.Errorf("Parse(%q): got %v, want an error", s, v)
		}
	}
	var zero Version
	if zero.Engine() != "0.63.0" || V044.Engine() != "0.62.0" {
		t.Errorf("got engines %s and %s", zero.Engine(), V044.Engine())
	}
}
