// SPDX-License-Identifier: Apache-2.0

package fieldtable

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Section is a generated part of a document, between the lines
//
//	<!-- NAME:begin -->
//	<!-- NAME:end -->
type Section struct {
	Name string
	Body string // Markdown that ends with a newline
}

// ReplaceSection returns the document with the section's body between its marker lines.
func ReplaceSection(doc string, s Section) (string, error) {
	begin, end := "<!-- "+s.Name+":begin -->\n", "<!-- "+s.Name+":end -->\n"
	head, rest, ok := strings.Cut(doc, begin)
	if !ok {
		return "", fmt.Errorf("no line %s", strings.TrimSpace(begin))
	}
	_, tail, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("no line %s after the first marker", strings.TrimSpace(end))
	}
	return head + begin + s.Body + end + tail, nil
}

// TestSections fails if a section in the file is out of date. With update it writes the file
// instead.
func TestSections(t testing.TB, path string, update bool, sections ...Section) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(old)
	for _, s := range sections {
		now, err := ReplaceSection(doc, s)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if now != doc && !update {
			t.Errorf("%s: section %q is out of date; run make gen", path, s.Name)
		}
		doc = now
	}
	if update && doc != string(old) {
		if err := os.WriteFile(path, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Row returns a row of a Markdown table. It escapes pipes and line breaks in the cells.
func Row(cells ...string) string {
	escape := strings.NewReplacer("|", `\|`, "\n", " ")
	var b strings.Builder
	for _, c := range cells {
		b.WriteString("| " + escape.Replace(c) + " ")
	}
	return b.String() + "|\n"
}

// Head returns the header lines of a Markdown table.
func Head(cells ...string) string {
	return Row(cells...) + strings.Repeat("| --- ", len(cells)) + "|\n"
}
