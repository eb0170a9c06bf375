// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"strings"
)

// version is a version of the engine or of a plugin.
type version struct{ major, minor, patch uint32 }

// parseVersion reads x.y.z; like Falco it ignores what follows the third number, and blanks
// and signs before each.
func parseVersion(s string) (v version, ok bool) {
	for i, n := range []*uint32{&v.major, &v.minor, &v.patch} {
		if i > 0 {
			if s == "" || s[0] != '.' {
				return v, false
			}
			s = s[1:]
		}
		if *n, s, ok = leadingNumber(s); !ok {
			return v, false
		}
	}
	return v, true
}

// leadingNumber reads the number that s begins with and returns the rest.
func leadingNumber(s string) (n uint32, rest string, ok bool) {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + uint32(s[i]-'0')
		i++
	}
	if negative {
		n = -n
	}
	return n, s[i:], i > 0
}

// compatible reports whether v fulfils the requirement: the same major version, and not older.
func (v version) compatible(want version) bool { return v.major == want.major && !v.less(want) }

func (v version) less(w version) bool {
	if v.major != w.major {
		return v.major < w.major
	}
	if v.minor != w.minor {
		return v.minor < w.minor
	}
	return v.patch < w.patch
}

func (v version) String() string { return fmt.Sprintf("%d.%d.%d", v.major, v.minor, v.patch) }
