// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

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
	dec := yaml.NewDecoder(strings.NewReader(content))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if err == io.EOF {
			return docs, nil
		}
		if err != nil {
			return nil, newYAMLError(err)
		}
		if len(doc.Content) == 0 || isNull(doc.Content[0]) {
			return docs, nil // for Falco a file ends at an empty document
		}
		docs = append(docs, doc.Content[0])
	}
}

func newYAMLError(err error) *yamlError {
	var load *yaml.LoadError
	if errors.As(err, &load) {
		return &yamlError{load.Message, load.Mark.Line, load.Mark.Column}
	}
	return &yamlError{msg: strings.TrimPrefix(err.Error(), "yaml: ")}
}

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
