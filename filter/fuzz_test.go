// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

func addCorpus(f *testing.F) {
	for _, name := range []string{"edge-cases", "generated"} {
		c := readCorpus(f, name)
		for i, r := range c.Accepted {
			if name == "edge-cases" || i%20 == 0 {
				f.Add(r.Condition)
			}
		}
		for i, r := range c.Rejected {
			if name == "edge-cases" || i%20 == 0 {
				f.Add(r.Condition)
			}
		}
	}
	for _, s := range []string{`a.b in ("\q")`, `a.b = "a\\"`, "a.b[\"x]y\"] = '\\''", "(not) and not not(and)",
		"a.b = oneof and x", "a.b = oneof (x)", "len(getopt((a.b, \"x\"), \"a:\")[b]) <= 0x1F"} {
		f.Add(s)
	}
}

// FuzzParse: what parses is printed as text that parses to the same tree; positions of
// errors are within the text; nothing panics.
func FuzzParse(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Parse(text, MaxDepth)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%q: error of type %T", text, err)
			}
			if e.Pos.Offset < 0 || e.Pos.Offset > len(text) || e.Pos.Line < 1 || e.Pos.Column < 1 {
				t.Fatalf("%q: error at %+v", text, e.Pos)
			}
			return
		}
		printed := n.String()
		again, err := Parse(printed, 4*MaxDepth)
		if err != nil {
			t.Fatalf("%q is printed as %q: %v", text, printed, err)
		}
		if !sameTree(n, again) {
			t.Fatalf("%q is printed as %q, which is another tree: %q", text, printed, again)
		}
	})
}

// FuzzCompile: what compiles can be evaluated, agrees with its printed form, and its
// witnesses hold; nothing panics.
func FuzzCompile(f *testing.F) {
	addCorpus(f)
	cat := probeCatalogue(f)
	events := probeEvents(f)[:20]
	f.Fuzz(func(t *testing.T, text string) {
		s := probeScope(t)
		s.Catalogue = cat
		n, err := Parse(text, MaxDepth)
		if err != nil {
			return
		}
		cond, _, err := Compile(n, s)
		again, _, err2 := compileText(n.String(), s)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("%q: %v, but printed %v", text, err, err2)
		}
		if err != nil {
			return
		}
		env := &Env{Arena: event.NewArena(nil, nil)}
		for _, e := range events {
			env.Row = e.row(s.Layout)
			if a, b := cond.Eval(env), again.Eval(env); a != b {
				t.Fatalf("%q: %v on %q, but printed %v", text, a, e.line, b)
			}
			checkWitnesses(t, cond, env, e)
			env.Arena.Reset()
		}
	})
}

// FuzzOperandPrefix: the prefix that compiles is an operand by itself.
func FuzzOperandPrefix(f *testing.F) {
	for _, s := range []string{"probe.s", "probe.s.x", "evt.numfoo", "probe.key[a]b", "tolower(probe.s) x",
		"probe.nope", "concat(probe.s, \"a", "probe.key[\"a\"]", "probe.sx[1]"} {
		f.Add(s)
	}
	cat := probeCatalogue(f)
	f.Fuzz(func(t *testing.T, text string) {
		s := probeScope(t)
		s.Catalogue = cat
		o, n, err := CompileOperandPrefix(text, s)
		for size := len(text); size > 0 && len(text) < 60; size-- {
			// The slow way: every prefix, the longest first.
			p := newParser(text[:size], MaxDepth)
			node, perr := p.parseOutput()
			if perr == nil {
				if _, perr = compileOperand(node, s); perr == nil {
					if err != nil || n != p.pos.Offset {
						t.Fatalf("%q: got %d, %v, want %d bytes", text, n, err, p.pos.Offset)
					}
					return
				}
			}
		}
		if len(text) < 60 && err == nil {
			t.Fatalf("%q: got %d bytes, %s, want an error", text, n, o)
		}
	})
}
