// SPDX-License-Identifier: Apache-2.0

package config

import "strings"

// maxExpansions ends the expansion of a value whose variables lead back to themselves.
const maxExpansions = 1000

// expandEnv replaces ${NAME} by the variable's value, which is looked at again, and
// $${NAME} by the text ${NAME}. Two oddities are kept because files may depend on them:
// a $ that starts neither form ends the expansion of the value, and so does a form
// without its closing brace.
func expandEnv(s string, getenv func(string) (string, bool)) string {
	at := strings.IndexByte(s, '$')
	for n := 0; at >= 0 && n < maxExpansions; n++ {
		rest := s[at:]
		end := strings.IndexByte(rest, '}')
		switch {
		case end < 0:
			return s
		case strings.HasPrefix(rest, "${"):
			v, _ := getenv(rest[2:end])
			s = s[:at] + v + rest[end+1:]
		case strings.HasPrefix(rest, "$${"):
			s = s[:at] + rest[1:]
			at++
		default:
			return s
		}
		next := strings.IndexByte(s[at:], '$')
		if next < 0 {
			return s
		}
		at += next
	}
	return s
}
