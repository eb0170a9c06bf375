// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"sort"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The nodes of a YAML file take some thirty times the memory of its text. So a big file is
// cut into pieces of some items each, and no more than one piece is nodes at any time.
//
// A piece begins with a line that begins with "- ", and ends before such a line. Such a cut
// is right if the YAML library finds all that the piece opens closed at its end: then, in
// the whole file, it is at the same place in the same state, but for anchors. Where it finds
// fault with a piece, that may be due to the cut (in a quoted text, or a list in brackets),
// so more is added to the piece until it is good, or the end of the file is reached: then
// the fault is in the file.

const (
	bigFile   = 256 << 10 // bytes; smaller files are read as a whole
	pieceSize = 16 << 10  // about
)

// piece is a part of a file that holds items of one document.
type piece struct {
	from, to int // offsets
	line     int // of from, counted from 0
	doc      int // counts documents
}

// cut returns the pieces of a file, each of at least size bytes but for the last of a
// document. ok is false if a line makes it doubtful where items begin.
func (s *source) cut(size int) (pieces []piece, ok bool) {
	if len(s.starts) != len(s.lines) {
		return nil, false // odd line breaks
	}
	doc, inItem := 0, false // inItem: within the items of a document
	for i, from := range s.lines {
		if int(from) >= s.end && i > 0 {
			break
		}
		line := s.line(i)
		if !inItem && !isPlain(line) {
			return nil, false
		}
		switch {
		case line == "---":
			doc, inItem = doc+1, false
		case line == "-" || strings.HasPrefix(line, "- "):
			if last := len(pieces) - 1; !inItem || int(from)-pieces[last].from >= size {
				pieces = append(pieces, piece{from: int(from), line: i, doc: doc})
			}
			inItem = true
		case line == "" || line[0] == '#':
		case line[0] == ' ':
			if rest := strings.TrimLeft(line, " "); !inItem && rest != "" && rest[0] != '#' {
				return nil, false
			}
		default:
			return nil, false
		}
		if inItem {
			pieces[len(pieces)-1].to = s.lineEnd(i)
		}
	}
	return pieces, true
}

// isPlain reports whether a line has only characters that YAML surely allows. Within items
// that is left to the library.
func isPlain(line string) bool {
	return utf8.ValidString(line) && strings.IndexFunc(line, func(r rune) bool {
		return r < ' ' || r > '~' && r < 0xA0 || r >= 0xFE00
	}) < 0
}

// lineEnd returns the offset behind a line and its end.
func (s *source) lineEnd(i int) int {
	if i+1 < len(s.lines) {
		return min(int(s.lines[i+1]), s.end)
	}
	return s.end
}

// readPieces calls read for the items of each document, piece by piece. If that cannot be
// done it returns false, and the source says why: the file has an error, or is to be read as
// a whole. Then items may have been read already.
func (s *source) readPieces(pieces []piece, read func(doc int, items []*yaml.Node)) bool {
	for len(pieces) > 0 {
		items, n := s.parsePieces(pieces)
		if n == 0 {
			return false
		}
		read(pieces[0].doc, items)
		pieces = pieces[n:]
	}
	return true
}

// parsePieces parses the first piece, or as many as are needed for something that is whole,
// and returns how many these are; 0 if that does not work.
func (s *source) parsePieces(pieces []piece) (items []*yaml.Node, n int) {
	last := sort.Search(len(pieces), func(i int) bool { return pieces[i].doc > pieces[0].doc })
	for n = 1; ; n = min(2*n, last) {
		p := piece{from: pieces[0].from, to: pieces[n-1].to, line: pieces[0].line}
		items, ok, hasAnchors := s.parsePiece(p)
		switch {
		case hasAnchors:
			s.whole = true
			return nil, 0
		case ok:
			return items, n
		case n == last:
			s.blame(p)
			return nil, 0
		}
	}
}

// parsePiece returns the items of a piece, placed as in the file.
func (s *source) parsePiece(p piece) (items []*yaml.Node, ok, hasAnchors bool) {
	text := s.content[p.from:p.to]
	docs, failure := parseYAML(text)
	if failure != nil || len(docs) != 1 || docs[0].Kind != yaml.SequenceNode || docs[0].Column != 1 {
		return nil, false, false
	}
	if strings.Contains(text, "&") && anchored(docs[0]) {
		return nil, false, true
	}
	for _, item := range docs[0].Content {
		shift(item, p.line)
	}
	return docs[0].Content, true, false
}

func anchored(n *yaml.Node) bool {
	if n.Anchor != "" {
		return true
	}
	for _, kid := range n.Content {
		if anchored(kid) {
			return true
		}
	}
	return false
}

// shift moves nodes that have no aliases down.
func shift(n *yaml.Node, lines int) {
	n.Line += lines
	for _, kid := range n.Content {
		shift(kid, lines)
	}
}

// blame finds out what is wrong with the file from a piece on: what the library says of the
// rest of the file.
func (s *source) blame(p piece) {
	_, failure := parseYAML(s.content[p.from:s.end])
	switch {
	case failure == nil: // so it takes what is before to see it
		s.whole = true
	case failure.msg == msgOpenQuote && s.end <= maxOpenQuote && strings.HasSuffix(s.content[:s.end], "\n"): // no error, in a whole file
		s.whole, failure = true, nil
	case failure.line > 0:
		failure.line += p.line
	}
	s.failure = failure
}
