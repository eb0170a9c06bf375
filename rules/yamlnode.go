// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// yamlError is a syntax error of a file.
type yamlError struct {
	msg          string
	line, column int // from 1; 0 if unknown
}

var yamlDirective = regexp.MustCompile(`(?m)^%YAML[ \t]+1\.2\b`)

// parseYAML reads the documents of a file, up to an empty one.
func parseYAML(content string) (docs []*yaml.Node, failure *yamlError) {
	defer func() {
		if r := recover(); r != nil { // the library's, not ours
			docs, failure = nil, &yamlError{msg: fmt.Sprint(r)}
		}
	}()
	if strings.Contains(content, "%YAML") { // the library knows 1.1 by name only
		content = yamlDirective.ReplaceAllStringFunc(content, func(s string) string { return s[:len(s)-1] + "1" })
	}
	keepsFolded := foldedKeep.MatchString(content)
	text, subst := substitute(content)
	dec := yaml.NewDecoder(strings.NewReader(text))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if err == io.EOF {
			return docs, nil
		}
		if err != nil {
			failure := newYAMLError(err)
			failure.msg = subst.text(failure.msg)
			failure.move(content)
			return nil, failure
		}
		if len(doc.Content) == 0 || isNull(doc.Content[0]) {
			return docs, nil // for Falco a file ends at an empty document
		}
		if keepsFolded {
			lessFolded(doc.Content[0])
		}
		subst.node(doc.Content[0])
		docs = append(docs, doc.Content[0])
	}
}

// foldedKeep is the head of a folded text that keeps the line breaks at its end.
var foldedKeep = regexp.MustCompile(`>[1-9]?\+`)

// lessFolded takes a line break from the end of folded texts that keep them: for Falco the
// first of several is folded, too.
func lessFolded(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Style&yaml.FoldedStyle != 0 && strings.HasSuffix(n.Value, "\n\n") {
		n.Value = n.Value[:len(n.Value)-1]
	}
	for _, kid := range n.Content {
		lessFolded(kid)
	}
}

// parseFile reads the documents of a whole file. For Falco the end of a file ends a quoted
// text, too, if it is the end of a line.
func parseFile(content string) ([]*yaml.Node, *yamlError) {
	docs, failure := parseYAML(content)
	if failure == nil || failure.msg != msgOpenQuote || len(content) > maxOpenQuote || !strings.HasSuffix(content, "\n") {
		return docs, failure
	}
	for _, quote := range []string{`"`, "'"} {
		if docs, again := parseYAML(content + quote); again == nil {
			return docs, nil
		}
	}
	return nil, failure
}

// msgOpenQuote is what the YAML library says of a quoted text that does not end.
const msgOpenQuote = "found unexpected end of stream"

// maxOpenQuote is how large a file may be to be read again with a quote at its end.
const maxOpenQuote = 1 << 24

func newYAMLError(err error) *yamlError {
	var load *yaml.LoadError
	if errors.As(err, &load) {
		return &yamlError{load.Message, load.Mark.Line, load.Mark.Column}
	}
	return &yamlError{msg: strings.TrimPrefix(err.Error(), "yaml: ")}
}

// move takes an error to where Falco's YAML library sees it.
func (e *yamlError) move(content string) {
	switch e.msg {
	case msgNoColon: // a line without one goes on in the next, whose colon is wrong then
		for range e.line - 1 {
			_, content, _ = strings.Cut(content, "\n")
		}
		line, _, _ := strings.Cut(content, "\n")
		if i := strings.Index(line+" ", ": "); i >= e.column-1 {
			e.column = utf8.RuneCountInString(line[:i]) + 1
		}
	case msgBadEscape, msgBadHex: // behind the escape
		e.column += 2
	}
}

// What the YAML library says, and what is said in its place.
const (
	msgControl   = "control characters are not allowed"
	msgNoColon   = "could not find expected ':'"
	msgBadEscape = "found unknown escape character"
	msgBadHex    = "did not find expected hexdecimal number"
)

// resolve follows an alias.
func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	return n
}

func isMap(n *yaml.Node) bool    { return n != nil && resolve(n).Kind == yaml.MappingNode }
func isSeq(n *yaml.Node) bool    { return n != nil && resolve(n).Kind == yaml.SequenceNode }
func isScalar(n *yaml.Node) bool { return n != nil && resolve(n).Kind == yaml.ScalarNode && !isNull(n) }

// isNull reports whether n is an empty value, or null written without quotes.
func isNull(n *yaml.Node) bool {
	n = resolve(n)
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// get returns the value of the first key of that name, or nil.
func get(m *yaml.Node, key string) *yaml.Node {
	m = resolve(m)
	if m.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if k := resolve(m.Content[i]); k.Kind == yaml.ScalarNode && k.Value == key && !isNull(k) {
			return m.Content[i+1]
		}
	}
	return nil
}

// textOf returns the text of a scalar; the empty value is "null".
func textOf(n *yaml.Node) (string, error) {
	n = resolve(n)
	if isNull(n) {
		return "null", nil
	}
	if n.Kind != yaml.ScalarNode {
		return "", errors.New("bad conversion")
	}
	return n.Value, nil
}

var boolWords = map[string]bool{"y": true, "yes": true, "true": true, "on": true, "n": false, "no": false, "false": false, "off": false}

// parseBool reads the words that YAML has for truth, in lower case, upper case or
// capitalized.
func parseBool(s string) (v, ok bool) {
	low := strings.ToLower(s)
	if s != low && s != strings.ToUpper(s) && (s == "" || s != strings.ToUpper(s[:1])+low[1:]) {
		return false, false
	}
	v, ok = boolWords[low]
	return v, ok
}

// parseUint32 reads a number as C++ streams do: decimal, octal with 0, hexadecimal with 0x;
// blanks may follow.
func parseUint32(s string) (uint32, bool) {
	s = strings.TrimPrefix(strings.TrimRight(s, " \t\n\v\f\r"), "+")
	base, digits := 10, s
	switch {
	case strings.HasPrefix(s, "0x") || strings.HasPrefix(s, "0X"):
		base, digits = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, digits = 8, s[1:]
	}
	if digits == "" || digits[0] == '+' || digits[0] == '-' {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return uint32(n), err == nil
}
