// SPDX-License-Identifier: Apache-2.0

package rules

import "strings"

// emptyDocument returns where the reading of the file ends: behind the first empty document,
// as in Falco, whose YAML library takes one for the end of the file and sees nothing of what
// follows, not even mistakes. Without one that is the end of the file.
func (s *source) emptyDocument() int {
	if !strings.Contains(s.content, "---") {
		return len(s.content)
	}
	marked := false // behind a document's mark, and nothing but blanks and comments since
	for i, from := range s.lines {
		line := s.line(i)
		rest, isMark := documentMark(line)
		switch {
		case marked && (isMark || isDocumentEnd(line)):
			return int(from)
		case isMark:
			marked = isEmptyLine(rest)
		case !isEmptyLine(line):
			marked = false
		}
	}
	return len(s.content)
}

// documentMark reports whether a line begins a document, and returns the rest of it.
func documentMark(line string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(line, "---")
	return rest, ok && (rest == "" || isWhite(rest[0]))
}

func isDocumentEnd(line string) bool {
	rest, ok := strings.CutPrefix(line, "...")
	return ok && (rest == "" || isWhite(rest[0]))
}

// isEmptyLine reports whether a line has nothing, or a null, and perhaps a comment.
func isEmptyLine(line string) bool {
	text := strings.Trim(line, " \t\r")
	if i := strings.IndexByte(text, '#'); i == 0 || i > 0 && isWhite(text[i-1]) {
		text = strings.TrimRight(text[:i], " \t")
	}
	switch text {
	case "", "~", "null", "Null", "NULL":
		return true
	}
	return false
}

// ignored returns where the first thing is that is not read because it is behind an empty
// document; ok is false if there is none.
func (s *source) ignored() (offset int, ok bool) {
	for i, from := range s.lines {
		if int(from) < s.end || s.end == len(s.content) {
			continue
		}
		line := s.line(i)
		if rest, isMark := documentMark(line); isMark {
			line = rest
		}
		if !isEmptyLine(line) && !isDocumentEnd(line) {
			return int(from), true
		}
	}
	return 0, false
}
