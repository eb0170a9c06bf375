// SPDX-License-Identifier: Apache-2.0

package rules

import "strings"

// snippetWidth is how much of a line a snippet shows.
const snippetWidth = 160

const noSnippet = "<No context available>\n"

// Snippet shows the line of the place and marks the column in the line below, as Falco does:
// a long line is cut at any byte, so that what it returns need not be UTF-8.
func (i *Issue) Snippet() string {
	if i.at.kind == kindCondition {
		return falcoSnippet(i.at.cond.text, i.at.cond.offset)
	}
	return falcoSnippet(i.at.src.content, int(i.at.offset))
}

func falcoSnippet(text string, pos int) string {
	if pos = snippetPos(text, pos); text == "" || text[pos] == '\n' {
		return noSnippet
	}
	const half = snippetWidth / 2
	from, to := pos, pos
	for from > 0 && text[from] != '\n' && pos-from < half {
		from--
	}
	for to < len(text)-1 && text[to] != '\n' && to-pos < half {
		to++
	}
	if text[from] == '\n' {
		from++
	}
	if text[to] == '\n' {
		to--
	}
	line := text[from : to+1]
	if pos-from >= half {
		line = "..." + line[3:]
	}
	if to-pos >= half {
		line = line[:len(line)-3] + "..."
	}
	return line + "\n" + strings.Repeat(" ", pos-from) + "^\n"
}

// snippetPos returns the place to be shown: not behind the text, nor at the end of a line.
func snippetPos(text string, pos int) int {
	for pos > 0 && (pos >= len(text) || text[pos] == '\n') {
		pos--
	}
	return pos
}

// snippet is that for people: the cut is at a line's end or marked, and all of it can be shown.
func snippet(text string, pos int) string {
	if text == "" {
		return noSnippet
	}
	pos = snippetPos(text, pos)
	from := max(strings.LastIndexByte(text[:pos], '\n')+1, pos-snippetWidth/2)
	to := len(text)
	if n := strings.IndexByte(text[pos:], '\n'); n >= 0 {
		to = pos + n
	}
	cutLeft := from > 0 && text[from-1] != '\n'
	cutRight := to > pos+snippetWidth/2
	if cutRight {
		to = pos + snippetWidth/2
	}
	line := strings.ToValidUTF8(strings.TrimSuffix(text[from:max(from, to)], "\r"), "?")
	if line == "" {
		return noSnippet
	}
	if cutLeft && len(line) > 3 {
		line = "..." + line[3:]
	}
	if cutRight && len(line) > 3 {
		line = line[:len(line)-3] + "..."
	}
	return line + "\n" + strings.Repeat(" ", pos-from) + "^\n"
}
