// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strconv"
	"strings"
)

// lineOf names a line of a file.
func lineOf(s *source, at position) string { return s.name + ":" + strconv.Itoa(at.line+1) }

// yamlHint says what to do about a file that is no YAML.
func yamlHint(p *problem) string {
	line := p.at.src.line(p.at.at().line)
	text := strings.TrimLeft(line, " -")
	_, value, hasValue := strings.Cut(text, ": ")
	value = strings.TrimLeft(value, " ")
	switch {
	case strings.HasPrefix(text, "\t") || strings.Contains(line[:len(line)-len(strings.TrimLeft(line, " \t"))], "\t"):
		return "indent with blanks, not with tabs"
	case hasValue && value != "" && strings.IndexByte("%@`&*!", value[0]) >= 0:
		return "put a value that begins with " + value[:1] + " into quotes"
	case strings.Contains(p.detail, "mapping values are not allowed"), hasValue && strings.Contains(value, ": "):
		return "put a text with \": \" in it into quotes"
	case strings.Contains(p.msg, "escape character"):
		return "between double quotes a backslash is written \\\\; or use single quotes"
	}
	return ""
}
