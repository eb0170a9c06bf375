// SPDX-License-Identifier: Apache-2.0

package filter

import "strings"

// contains is "contains".
type contains string

func (v contains) match(s string) bool { return strings.Contains(s, string(v)) }

// containsFold is "icontains": ASCII letters are equal in both cases.
type containsFold struct {
	lower string
	first [2]byte // the first byte in both cases
}

func newContainsFold(v string) containsFold {
	c := containsFold{lower: lowerString(v)}
	if v != "" {
		b := c.lower[0]
		c.first = [2]byte{b, b}
		if b >= 'a' && b <= 'z' {
			c.first[1] = b - 'a' + 'A'
		}
	}
	return c
}

func (c containsFold) match(s string) bool {
	n := len(c.lower)
	if n == 0 {
		return true
	}
	for i := 0; i+n <= len(s); i++ {
		if (s[i] == c.first[0] || s[i] == c.first[1]) && equalFold(s[i:i+n], c.lower) {
			return true
		}
	}
	return false
}

// equalFold reports whether s in lower case is low. The lengths are equal.
func equalFold(s, low string) bool {
	for i := 0; i < len(low); i++ {
		if lower(s[i]) != low[i] {
			return false
		}
	}
	return true
}

// lowerString is s with ASCII letters in lower case.
func lowerString(s string) string {
	b, _ := appendLower(make([]byte, 0, len(s)), s)
	return string(b)
}
