// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
	"unsafe"

	"go.yaml.in/yaml/v4"
)

// position is a place in a text, counted from 0; columns and offsets are in bytes.
type position struct{ offset, line, column int }

// source is a rules file with what is needed to find places in it.
type source struct {
	name    string
	content string // of the caller's file
	// starts are the offsets of the lines as the YAML library counts them, which takes
	// more characters for a line break than lines does.
	starts []int32
	lines  []int32 // offsets behind each '\n', and 0
	end    int     // of what is read: see emptyDocument

	last   position  // that offset found, with line and column from 1
	scalar scalarMap // that character made

	// What reading it showed: an error, or that it must be read as a whole.
	failure *yamlError
	whole   bool
	piece   int // how large the pieces are, about, if it is not read as a whole
}

func newSource(f File) *source {
	s := &source{name: f.Name, piece: pieceSize}
	if len(f.Content) > math.MaxInt32 {
		s.failure = &yamlError{msg: msgFileTooLarge}
	} else {
		s.content = decode(unsafe.String(unsafe.SliceData(f.Content), len(f.Content)))
	}
	s.whole = len(s.content) < bigFile
	n := strings.Count(s.content, "\n")
	s.lines = append(make([]int32, 0, n+1), 0)
	for i := range len(s.content) {
		if s.content[i] == '\n' {
			s.lines = append(s.lines, int32(i+1))
		}
	}
	if s.starts = s.lines; hasOddBreaks(s.content) {
		s.starts = lineStarts(s.content)
	}
	s.end = s.emptyDocument()
	if at := strings.IndexAny(s.content[:s.end], endMarks); at >= 0 && s.failure == nil {
		pos := s.position(at)
		s.failure = &yamlError{msgControl, pos.line + 1, utf8.RuneCountInString(s.content[at-pos.column:at]) + 1}
	}
	return s
}

func hasOddBreaks(s string) bool {
	return strings.Contains(s, "\u0085") || strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029") ||
		strings.Count(s, "\r") != strings.Count(s, "\r\n")
}

// lineStarts finds the lines as the YAML library counts them.
func lineStarts(text string) []int32 {
	starts := []int32{0}
	for i := range len(text) {
		rest := text[i:]
		n := 0
		switch text[i] {
		case '\n':
			n = 1
		case '\r':
			if !strings.HasPrefix(rest, "\r\n") {
				n = 1
			}
		case 0xC2:
			if strings.HasPrefix(rest, "\u0085") {
				n = 2
			}
		case 0xE2:
			if strings.HasPrefix(rest, "\u2028") || strings.HasPrefix(rest, "\u2029") {
				n = 3
			}
		}
		if n > 0 {
			starts = append(starts, int32(i+n))
		}
	}
	return starts
}

// offset returns where the YAML library's line and column, both from 1, are.
func (s *source) offset(line, column int) int {
	if line < 1 {
		return 0
	}
	if line > len(s.starts) {
		return len(s.content)
	}
	o, from := int(s.starts[line-1]), 1
	if s.last.line == line && s.last.column <= column { // lines can be very long
		o, from = s.last.offset, s.last.column
	}
	for ; from < column && o < len(s.content); from++ {
		_, n := utf8.DecodeRuneInString(s.content[o:])
		o += n
	}
	s.last = position{o, line, from}
	return o
}

// position returns the place at an offset.
func (s *source) position(offset int) position {
	line, found := slices.BinarySearch(s.lines, int32(offset))
	if !found {
		line--
	}
	return position{offset, line, offset - int(s.lines[line])}
}

// at returns where a node is. A value that is left out is where the next thing in the file
// is, as in Falco.
func (s *source) at(n *yaml.Node) int32 {
	n = resolve(n)
	o := s.offset(n.Line, n.Column)
	if isNull(n) && n.Value == "" && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		o = s.skipBlank(o)
	}
	return int32(o)
}

// text returns the text of a scalar, as a part of the file if it stands there as it is: the
// node and its own copy need not be kept then.
func (s *source) text(n *yaml.Node) string {
	n = resolve(n)
	o := s.offset(n.Line, n.Column)
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		o++
	}
	if o < len(s.content) && strings.HasPrefix(s.content[o:], n.Value) {
		return s.content[o : o+len(n.Value)]
	}
	return n.Value
}

// skipBlank returns the offset of the next character that is neither white space nor part of
// a comment.
func (s *source) skipBlank(o int) int {
	for o < len(s.content) {
		switch s.content[o] {
		case ' ', '\t', '\n', '\r':
			o++
		case '#':
			for o < len(s.content) && s.content[o] != '\n' {
				o++
			}
		default:
			return o
		}
	}
	return o
}

// line returns a line of the file, from 0, without its end.
func (s *source) line(i int) string {
	if i < 0 || i >= len(s.lines) {
		return ""
	}
	line, _, _ := strings.Cut(s.content[s.lines[i]:], "\n")
	return strings.TrimSuffix(line, "\r")
}

// place is a thing in a rules file, with the things around it. There are several for each
// rule, so they are small.
type place struct {
	parent *place
	src    *source
	name   string     // of the item
	cond   *condPlace // set if the kind is kindCondition
	more   *place     // of a condition or output: what was appended to it last; of a mark: its scalar
	offset int32
	size   int32 // of a condition or output: the bytes of its own text; -1 if that was replaced
	kind   itemKind
}

// condPlace is a place within a condition, as Falco sees it.
type condPlace struct {
	at     position // as it is reported
	text   string   // of the condition
	offset int      // in text
}

// at is where the place is, as it is reported.
func (p *place) at() position {
	if p.cond != nil {
		return p.cond.at
	}
	return p.src.position(int(p.offset))
}

// itemKind says what a [place] is.
type itemKind uint8

const (
	kindValue itemKind = iota
	kindExceptions
	kindException
	kindExcValues
	kindExcValue
	kindContent
	kindContentItem
	kindEngineVersion
	kindPluginReqs
	kindPluginReq
	kindPluginAlt
	kindList
	kindListItem
	kindMacro
	kindMacroCond
	kindRule
	kindRuleCond
	kindCondition
	kindOutput
	kindPriority
	kindOverride
)

// itemTypes are the kinds in Falco's words.
var itemTypes = [...]string{
	kindValue:         "value for",
	kindExceptions:    "exceptions",
	kindException:     "exception",
	kindExcValues:     "exception values",
	kindExcValue:      "exception value",
	kindContent:       "rules content",
	kindContentItem:   "rules content item",
	kindEngineVersion: "required_engine_version",
	kindPluginReqs:    "required plugin versions",
	kindPluginReq:     "required plugin versions entry",
	kindPluginAlt:     "required plugin versions alternative",
	kindList:          "list",
	kindListItem:      "list item",
	kindMacro:         "macro",
	kindMacroCond:     "macro condition",
	kindRule:          "rule",
	kindRuleCond:      "rule condition",
	kindCondition:     "condition expression",
	kindOutput:        "rule output",
	kindPriority:      "rule priority",
	kindOverride:      "overrides",
}

func (k itemKind) String() string { return itemTypes[k] }

// filePlace is the outermost place.
func filePlace(s *source) *place { return &place{kind: kindContent, src: s} }

// in returns the place of a node within p.
func (p *place) in(n *yaml.Node, kind itemKind, name string) *place {
	return &place{parent: p, kind: kind, name: name, src: p.src, offset: p.src.at(n)}
}

// locations returns the places around p and p itself, the outermost first.
func (p *place) locations() []Location {
	var list []Location
	if p.parent != nil {
		list = p.parent.locations()
	}
	name := p.src.name
	if p.kind == kindCondition {
		name = shortCondition(p.cond.text)
	}
	at := p.at()
	return append(list, Location{
		ItemType: p.kind.String(), ItemName: p.name, Name: name,
		Line: at.line, Column: at.column, Offset: at.offset,
	})
}

// shortCondition names a place within a condition: its beginning, quoted.
func shortCondition(s string) string {
	if len(s) > 20 {
		s = s[:17] + "..."
	}
	s = strings.NewReplacer("\n", " ", "\r", " ").Replace(s)
	return `"` + s + `"`
}
