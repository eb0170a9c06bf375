// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// regex is "regex": the whole value matches a pattern in RE2's POSIX syntax. There are no
// Perl classes and no flags; ^ and $ match at line ends too, a dot does not match a newline
// but a negated class does. Nothing matches a value that is not UTF-8.
type regex struct {
	// literal is what every match contains; it is looked for first.
	literal string
	// plain is set if the pattern is the literal and nothing else.
	plain bool
	re    *regexp.Regexp
	tree  *syntax.Regexp
}

func newRegex(pattern string) (*regex, error) {
	tree, err := syntax.Parse(pattern, syntax.ClassNL)
	if err != nil {
		return nil, errors.New("invalid regex pattern: " + re2Error(pattern, err))
	}
	tree = tree.Simplify()
	r := &regex{tree: tree}
	var l literals
	l.scan(tree)
	r.literal = l.longest()
	r.plain = l.exact && len(l.parts) <= 1
	if r.plain {
		return r, nil
	}
	// The tree is written in Perl syntax, with its flags.
	if r.re, err = regexp.Compile(`\A(?:` + tree.String() + `)\z`); err != nil {
		return nil, errors.New("invalid regex pattern: pattern too large - compile failed")
	}
	return r, nil
}

// re2Error is RE2's text for an error.
func re2Error(pattern string, err error) string {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text, arg := string(e.Code), e.Expr
	switch e.Code {
	case syntax.ErrMissingBracket:
		text = "missing ]"
	case syntax.ErrMissingParen:
		text, arg = "missing )", pattern
	case syntax.ErrUnexpectedParen:
		text, arg = "unexpected )", pattern
	case syntax.ErrTrailingBackslash:
		text, arg = `trailing \`, ""
	case syntax.ErrMissingRepeatArgument:
		text = "no argument for repetition operator"
	case syntax.ErrInvalidRepeatSize:
		text = "invalid repetition size"
	case syntax.ErrInvalidRepeatOp:
		text = "bad repetition operator"
	case syntax.ErrInvalidCharRange:
		if arg == "-" { // the pattern ends there, which RE2 takes for a broken character
			text, arg = "invalid UTF-8", ""
		}
	case syntax.ErrInvalidUTF8:
		arg = ""
	case syntax.ErrLarge, syntax.ErrNestingDepth:
		text, arg = "pattern too large - compile failed", ""
	}
	if arg == "" {
		return text
	}
	return text + ": " + arg
}

func (r *regex) match(s string) bool {
	if r.plain {
		return s == r.literal
	}
	if r.literal != "" && !strings.Contains(s, r.literal) {
		return false
	}
	return utf8.ValidString(s) && r.re.MatchString(s)
}

// literals collects the parts of a pattern that must be there literally, in their order.
type literals struct {
	parts []string
	// exact says that nothing stands before, between and behind the parts so far.
	exact bool
	// open says that the last part goes on with the next literal.
	open bool
	// head and tail say that the first part begins and the last part ends the value.
	head, tail bool
	// ended says that a $ was seen.
	ended bool
}

func (l *literals) scan(re *syntax.Regexp) {
	l.exact, l.head, l.tail = true, true, true
	l.walk(re)
	l.head = l.head && len(l.parts) > 0
	l.tail = l.open && len(l.parts) > 0
}

func (l *literals) walk(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpEmptyMatch:
	case syntax.OpBeginLine:
		// At the very beginning it says nothing, and elsewhere it takes no text.
		l.exact = l.exact && len(l.parts) == 0
	case syntax.OpEndLine:
		l.ended = true
	case syntax.OpCapture:
		l.walk(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			l.walk(sub)
		}
	case syntax.OpPlus:
		sub := literals{exact: true, head: true}
		sub.walk(re.Sub[0])
		if sub.exact && len(sub.parts) == 1 && sub.parts[0] != "" {
			// One is there for sure, and whatever follows is not known to touch it.
			l.add(sub.parts[0])
		}
		l.gap()
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			l.gap()
			return
		}
		l.add(string(re.Rune))
	default:
		l.gap()
	}
}

func (l *literals) add(s string) {
	l.exact = l.exact && !l.ended
	if l.open {
		l.parts[len(l.parts)-1] += s
		return
	}
	l.parts = append(l.parts, s)
	l.open = true
}

func (l *literals) gap() {
	if len(l.parts) == 0 {
		l.head = false
	}
	l.exact, l.open = false, false
}

func (l *literals) longest() string {
	best := ""
	for _, p := range l.parts {
		if len(p) > len(best) {
			best = p
		}
	}
	return best
}
