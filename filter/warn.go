// SPDX-License-Identifier: Apache-2.0

package filter

import "strings"

// warn looks for mistakes in a constant on the right side of a check: the i-th value there.
func (c *compiler) warn(n *Binary, i int, v string) {
	if _, isList := n.Right.(*ListNode); !isList {
		i = -1
	}
	say := func(msg string) { c.warnings = append(c.warnings, Warning{n.Right.Pos(), msg, n, i}) }
	if n.Op == "regex" && regexIsSimple(v) {
		say("regex check with '" + v + "' may be optimized with simpler operators such as '=', 'contains', 'startswith', 'endswith'")
	}
	dense := strings.Map(func(r rune) rune {
		if r < 0x80 && isSpace(byte(r)) {
			return -1
		}
		return r
	}, v)
	if _, err := c.scope.Catalogue.Resolve(c.scope.Source, dense); err == nil {
		say("'" + v + "' may be a valid field misused as a const string value")
	}
	if !strings.HasSuffix(dense, ")") {
		return
	}
	for _, t := range append([]string{"val"}, transformers...) {
		if strings.HasPrefix(dense, t+"(") {
			say("'" + v + "' may be a valid field transformer misused as a const string value")
		}
	}
}

// regexIsSimple reports whether a pattern has no special characters but anchors and
// wildcards at its ends.
func regexIsSimple(v string) bool {
	for i := 0; i < len(v); i++ {
		if i == 0 && v[i] == '^' || i == len(v)-1 && v[i] == '$' {
			continue
		}
		if (i == 0 || i == len(v)-2) && i+1 < len(v) && v[i] == '.' && strings.IndexByte("+*?", v[i+1]) >= 0 {
			i++
			continue
		}
		if strings.IndexByte(`.+*?^$()[]{}|\`, v[i]) >= 0 {
			return false
		}
	}
	return true
}
