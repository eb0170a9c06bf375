// SPDX-License-Identifier: Apache-2.0

package rulegen

import (
	"bytes"
	"testing"
)

func TestRulesAreStable(t *testing.T) {
	a, b, other := Rules(250, 1), Rules(250, 1), Rules(250, 2)
	if !bytes.Equal(a, b) {
		t.Error("the same seed gives two texts")
	}
	if bytes.Equal(a, other) {
		t.Error("two seeds give the same text")
	}
	if !bytes.HasPrefix(a, Rules(10, 1)) {
		t.Error("10 rules are not the beginning of 250")
	}
	if n := bytes.Count(a, []byte("- rule: ")); n != 250 {
		t.Errorf("%d rules, want 250", n)
	}
}
