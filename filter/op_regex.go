// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/utftext"
)

// regex is "regex": the whole value matches a pattern in RE2's POSIX syntax. There are no
// Perl classes and no flags; ^ and $ match at line ends too, a dot does not match a newline
// but a negated class does. The values that it is given are UTF-8, see [regexTest].
type regex struct {
	// literal is what every match contains; it is looked for first.
	literal string
	// need is the longest part of a literal without U+FFFD: what every match contains as it
	// was before it was repaired.
	need string
	// plain is set if the pattern is the literal and nothing else.
	plain bool
	re    *regexp.Regexp
	tree  *syntax.Regexp
}

// regexTest applies regular expressions to a string. What is not UTF-8 in it counts as
// U+FFFD, a maximal subpart each.
type regexTest struct {
	source
	m matcher
	// need is a text that must be in the string as it is, or "".
	need string
	// strict says that nothing matches a string that is not UTF-8, as in Falco 0.44.
	strict bool
}

func (t *regexTest) eval(env *Env) bool {
	v := t.get(env)
	if v == nil {
		return false
	}
	s := v.Str
	if t.cell < 0 {
		s = trimNUL(s)
	}
	if t.need != "" && !strings.Contains(s, t.need) {
		return false
	}
	if utf8.ValidString(s) {
		return t.m.match(s)
	}
	return !t.strict && t.m.match(repaired(s, env))
}

// repaired returns s with U+FFFD for what is no UTF-8, in the arena.
func repaired(s string, env *Env) string {
	buf := env.Arena.Bytes(utftext.RepairedLen(s))
	return event.String(utftext.AppendRepaired(buf[:0], s))
}

func newRegex(pattern string) (*regex, error) {
	tree, err := syntax.Parse(pattern, syntax.ClassNL)
	if err != nil {
		return nil, errors.New("invalid regex pattern: " + re2Error(pattern, err))
	}
	tree = tree.Simplify()
	dropSurrogates(tree)
	r := &regex{tree: tree}
	var l literals
	l.scan(tree)
	r.literal, r.need = longestPart(l.parts), l.need()
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

// dropSurrogates makes literals with a surrogate (\x{D800}) match nothing: no text of UTF-8 has
// one, while package regexp would take U+FFFD for it.
func dropSurrogates(re *syntax.Regexp) {
	for _, sub := range re.Sub {
		dropSurrogates(sub)
	}
	if re.Op == syntax.OpLiteral && slices.ContainsFunc(re.Rune, func(r rune) bool { return !utf8.ValidRune(r) }) {
		*re = syntax.Regexp{Op: syntax.OpNoMatch}
	}
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
		if arg == "-" || !utf8.ValidString(arg) { // RE2 takes the pattern's end for a broken character
			text, arg = "invalid UTF-8", ""
		}
	case syntax.ErrInvalidEscape:
		if arg == `\x{` && strings.HasSuffix(pattern, arg) {
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
	return r.re.MatchString(s)
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

// need returns the longest text that is in every match as it was before it was repaired.
func (l *literals) need() string {
	var parts []string
	for _, p := range l.parts {
		parts = append(parts, strings.Split(p, utftext.Replacement)...)
	}
	return longestPart(parts)
}

// ends returns the texts that every match begins and ends with before it is repaired; "" if
// there is none.
func (l *literals) ends() (head, tail string) {
	if l.head {
		head, _, _ = strings.Cut(l.parts[0], utftext.Replacement)
	}
	if l.tail {
		last := strings.Split(l.parts[len(l.parts)-1], utftext.Replacement)
		tail = last[len(last)-1]
	}
	return head, tail
}
