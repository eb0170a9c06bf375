// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// outline tells all that is used of nodes: what they are, what they say, and where.
func outline(b *strings.Builder, s *source, n *yaml.Node, depth int) {
	if depth > 100 {
		return // a cycle of aliases
	}
	fmt.Fprintf(b, "%*s%d %s %q %d:%d %v %v\n", depth, "", n.Kind, n.Tag, n.Value, n.Line, n.Column, n.Style, s.at(n))
	for _, kid := range n.Content {
		outline(b, s, kid, depth+1)
	}
}

// readAll outlines a file that is read as a whole, or in pieces of some size.
func readAll(content string, whole bool, size int) string {
	s := newSource(File{"x", []byte(content)})
	var b strings.Builder
	add := func(doc int, items []*yaml.Node) {
		for _, item := range items {
			fmt.Fprintf(&b, "document %d\n", doc)
			outline(&b, s, item, 0)
		}
	}
	s.whole = whole
	if s.failure != nil {
		return fmt.Sprintf("%+v", *s.failure)
	}
	if !whole {
		first := 0
		if pieces, ok := s.cut(size); !ok {
			s.whole = true
		} else {
			if len(pieces) > 0 {
				first = pieces[0].doc
			}
			s.readPieces(pieces, func(doc int, items []*yaml.Node) { add(doc-first, items) })
		}
	}
	if s.whole {
		b.Reset()
		var docs []*yaml.Node
		docs, s.failure = parseFile(s.content[:s.end])
		for i, d := range docs {
			if d.Kind == yaml.SequenceNode {
				add(i, d.Content)
				continue
			}
			outline(&b, s, d, 0)
		}
	}
	if s.failure != nil {
		return fmt.Sprintf("%+v", *s.failure)
	}
	return b.String()
}

// samePieces compares a file that is read in pieces with the same read as a whole.
func samePieces(t *testing.T, content string) {
	t.Helper()
	want := readAll(content, true, 0)
	for _, size := range []int{1, 40, 1 << 30} {
		if got := readAll(content, false, size); got != want {
			t.Fatalf("pieces of %d bytes: %q: -want +got:\n%s", size, content, cmp.Diff(want, got))
		}
	}
}

// corpusFiles are all rules files of testdata.
func corpusFiles(tb testing.TB) (contents []string) {
	tb.Helper()
	for _, pattern := range []string{"testdata/*/*.yaml", "testdata/*/*/*.yaml"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			tb.Fatalf("no files %s: %v", pattern, err)
		}
		for _, n := range names {
			content, err := os.ReadFile(n)
			if err != nil {
				tb.Fatal(err)
			}
			contents = append(contents, string(content))
		}
	}
	return contents
}

// oddYAML are files that are hard to cut.
var oddYAML = []string{
	"", "\n", "-", "- ", "-\n-\n", "- a\n", "a: b\n", "- a: 'x\n- y'\n- b\n", "- [a,\n- b]\n", "- |\n  a\n\n\n- >-\n  b\n # c\n",
	"# c\n---\n- a\n---\n- b\n", "---\n---\n- a\n", "- a\n---\n# nothing\n---\n- 'b\n", "- a\n---\n", "--- \n- a\n", "...\n- a\n", "- a\n...\n- b\n",
	"- &a x\n- *a\n", "- *a\n- x\n", "- a & b\n- c\n", "- !!str x\n- !x y\n", "%YAML 1.2\n---\n- a\n", "- \"\\q\"\n- a\n- [\n", "- a\r\n- b\r\n", "- a\r- b\n- c\n",
	"- a\u0085- b\n- c\u2028\n- d\n", "\uFEFF- a\n- b\n", "- a\n\uFEFF- b\n", "- a\n- \x00\n", "- a\n- 'b\n\xff", "- a\n  b\n- c\n d: e\n", "-\ta\n- b\n", "- a\n\t- b\n- c\n",
	"  - a\n- b\n", "- a\n  - b\n- c: d\n e\n", "- a: 1\n   b: 2\n- c\n", "- ? x\n: y\n- z\n", "- - a\n- - b\n  - c\n", "-a\n- b\n", "- a: |1\n  x\n- b\n", "- 'a\n---\n- b'\n",
	"#000\xca000", "# \x01\n- a\n", "- a\n---\n# \xff\n- b\n", "# é ©\n- a\n", "# \u0081\n- a\n",
	"---\n---\n\"", "--- # c\n\n# c\n---\n- 'a\n", "- a\n--- ~\n---\n- [\n", "---\n...\n- a\n", "---\nnull # c\n--- x\n- a\n", "- a\n---\n---- b\n", "---\n--- - a\n",
	"- \"a\n---\n---\nb\"\n", "- |\n  a\n---\n\n---\n\t- a\n", "- a\n- \x04\n", "---\n---\n- \x04\n", "- \x01\x1f\uFFFE\n- b\n", "- caf\xe9\n- b \xff\xfe: 'x\xe9'\n", "# \xe9\n- a\n", "- \U0010FE00\xe9\n- b\n",
	"- {a: b,\n- c: d}\n", "- a #'\n- b '\n- c\n", "- \"a\n\n- b\" \n- c\n- \"d\n", "- {<<: &x {a: b}}\n- {<<: *x}\n", "- |+\n  a\n\n\n- |+\n  b\n\n\n", "- a: >\n\n\n   b\n  c\n- d\n",
}

func TestPieces(t *testing.T) {
	for _, c := range oddYAML {
		samePieces(t, c)
	}
	for _, c := range corpusFiles(t) {
		samePieces(t, c)
	}
}

// TestMutatedPieces does the same with parts of files put together at random, and changed.
func TestMutatedPieces(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	contents := append(corpusFiles(t), oddYAML...)
	bits := []string{"\n", "'", `"`, "- ", "-\n", " ", "---\n", "[", "]", "{", "}", ":", "#", "|\n", "\t", "&a ", "*a", "!t ", "é", "\x00", "\xff", "\r", "\u2028", "..."}
	part := func(max int) string {
		c := contents[rnd.IntN(len(contents))]
		from := rnd.IntN(len(c) + 1)
		return c[from:min(len(c), from+rnd.IntN(max))]
	}
	n := 4000
	if raceEnabled {
		n = 300
	}
	for range n {
		var b strings.Builder
		for range 1 + rnd.IntN(5) {
			b.WriteString(part(300))
			if rnd.IntN(2) == 0 {
				b.WriteString("\n- ")
			}
		}
		c := b.String()
		for range rnd.IntN(4) {
			at := rnd.IntN(len(c) + 1)
			c = c[:at] + bits[rnd.IntN(len(bits))] + c[min(len(c), at+rnd.IntN(3)):]
		}
		samePieces(t, c)
	}
}

// TestErrorBehindOthers puts mistakes behind much that is good, so that where the YAML library
// reads blocks matters.
func TestErrorBehindOthers(t *testing.T) {
	for _, filler := range []string{"- abcdefg\n", "- é\n", "- 日本語x\n"} {
		for n := 40; n < 60; n++ {
			for _, tail := range []string{"- 'a\n", "- \"\\q\"\n" + strings.Repeat("- x\n", 90) + "- \xff", "- [}\n\x00", "- \xff\n", "- b: *a\n"} {
				samePieces(t, strings.Repeat(filler, n)+tail)
			}
		}
	}
}

// TestBigFile loads files that are read in pieces as if they were small, and compares all
// that is said of them.
func TestBigFile(t *testing.T) {
	catalogue := probeCatalogue(t)
	for _, c := range append(corpusFiles(t), oddYAML...) {
		sameReports(t, Options{Catalogue: catalogue, SchemaCheck: true}, rule("first", "probe.n = 1"), c, rule("last", "probe.n = 2"))
	}
}

// sameReports loads files as a whole and in pieces, and compares the reports.
func sameReports(t *testing.T, o Options, contents ...string) {
	t.Helper()
	texts := make([]string, 2)
	for i := range texts {
		sources := make([]*source, len(contents))
		for k, c := range contents {
			sources[k] = newSource(File{fmt.Sprint(k), []byte(c)})
			sources[k].whole, sources[k].piece = i == 0, 1
		}
		_, report := loadSources(sources, o)
		var b bytes.Buffer
		if err := report.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		b.Write(report.JSON())
		texts[i] = b.String()
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
		t.Fatalf("%q: -whole +pieces:\n%s", contents, diff)
	}
}

func FuzzChunks(f *testing.F) {
	for _, s := range oddYAML {
		f.Add(s)
	}
	for i, s := range corpusFiles(f) {
		if i%8 == 0 && len(s) < 2000 {
			f.Add(s)
		}
	}
	catalogue := probeCatalogue(f)
	// A file read in pieces has the same items in the same places, or the same error, as one
	// read as a whole; and the reports are the same.
	f.Fuzz(func(t *testing.T, content string) {
		samePieces(t, content)
		sameReports(t, Options{Catalogue: catalogue, SchemaCheck: true}, content)
	})
}
