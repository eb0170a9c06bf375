// SPDX-License-Identifier: Apache-2.0

// Package rulefmt writes rules files in one form: one blank line between items and none at the
// beginning, and conditions with one operand of their "and" (or "or") a line. Comments stay, and
// what a file means does not change: what is not understood well enough stays as it is.
package rulefmt

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Format returns a rules file in the one form. Formatting it again changes nothing. A file that
// is not YAML is an error; one that is not one list of items in block style is only given line
// ends of one kind.
func Format(text []byte) ([]byte, error) {
	content := strings.ReplaceAll(string(text), "\r\n", "\n")
	odd := strings.ContainsAny(content, "\r\u0085\u2028\u2029") // line ends for YAML, but not here
	if odd {
		content = string(text)
	}
	docs, err := parse(content)
	if err != nil {
		return nil, err
	}
	if list := items(docs); list != nil && !odd {
		f := newFile(content)
		conditions, gaps := f.conditions(list), f.gaps(list)
		for _, edits := range [][]edit{slices.Concat(conditions, gaps), conditions} {
			out := f.apply(edits)
			if again, err := parse(out); err == nil && sameFiles(docs, again) {
				return []byte(out), nil
			}
		}
	}
	return []byte(content), nil
}

// parse reads the documents of a file.
func parse(content string) (docs []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // the library's, not ours
			docs, err = nil, fmt.Errorf("cannot read YAML: %v", r)
		}
	}()
	dec := yaml.NewDecoder(strings.NewReader(content))
	for {
		var doc yaml.Node
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return nil, err
		}
		docs = append(docs, &doc)
	}
}

// items returns the items of a file, or nil if it is something else than one list of items.
func items(docs []*yaml.Node) []*yaml.Node {
	if len(docs) != 1 || len(docs[0].Content) != 1 {
		return nil
	}
	list := docs[0].Content[0]
	if list.Kind != yaml.SequenceNode || list.Style&yaml.FlowStyle != 0 {
		return nil
	}
	for _, item := range list.Content {
		if item.Kind != yaml.MappingNode || len(item.Content) == 0 {
			return nil
		}
	}
	return list.Content
}

// file is the text of a file, as lines.
type file struct{ lines []string }

func newFile(content string) *file {
	return &file{strings.Split(strings.TrimRight(content, "\n"), "\n")}
}

// edit puts lines in the place of those from from up to to.
type edit struct {
	from, to int
	lines    []string
}

// apply makes edits. If two of them overlap, which is a mistake, the result is empty.
func (f *file) apply(edits []edit) string {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out []string
	at := 0
	for _, e := range edits {
		if e.from < at {
			return ""
		}
		out = append(append(out, f.lines[at:e.from]...), e.lines...)
		at = e.to
	}
	out = append(out, f.lines[at:]...)
	if len(out) == 0 {
		return ""
	}
	return strings.Join(out, "\n") + "\n"
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }

// gaps makes the space between items: of the comments in it none is lost. A file with an item
// whose dash stands alone keeps its own.
func (f *file) gaps(list []*yaml.Node) []edit {
	var edits []edit
	indent := 0
	for i, item := range list {
		dash := item.Line - 1
		if dash < 0 || dash >= len(f.lines) || !strings.HasPrefix(strings.TrimLeft(f.lines[dash], " "), "- ") {
			return nil
		}
		indent = indentOf(f.lines[dash])
		from := 0
		if i > 0 {
			from = f.gapBefore(dash, indent)
		}
		lines := collapse(f.lines[from:dash])
		if i > 0 {
			lines = append([]string{""}, lines...)
		}
		edits = append(edits, edit{from, dash, lines})
	}
	if from := f.gapBefore(len(f.lines), indent); len(edits) > 0 && from < len(f.lines) {
		lines := collapse(f.lines[from:])
		if len(lines) > 0 {
			lines = append([]string{""}, lines...)
		}
		edits = append(edits, edit{from, len(f.lines), lines})
	}
	return edits
}

// gapBefore returns where the blank lines and comments before a line begin that do not belong to
// the item above, as those do that are indented more than items are.
func (f *file) gapBefore(line, indent int) int {
	from := line
	for from > 0 && (isBlank(f.lines[from-1]) || isComment(f.lines[from-1]) && indentOf(f.lines[from-1]) <= indent) {
		from--
	}
	return from
}

// collapse leaves out blank lines at the beginning, and all but one of several.
func collapse(lines []string) []string {
	var out []string
	for i, line := range lines {
		if line = strings.TrimRight(line, " \t"); line == "" && (len(out) == 0 || out[len(out)-1] == "" || i == len(lines)-1 && !isComment(out[len(out)-1])) {
			continue
		}
		out = append(out, line)
	}
	return out
}
