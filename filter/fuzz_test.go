// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

func addCorpus(f *testing.F) {
	for _, name := range []string{"edge-cases", "generated", "0.45/bytes"} {
		c := readCorpus(f, name)
		for i, r := range c.Accepted {
			if name != "generated" || i%20 == 0 {
				f.Add(r.Condition)
			}
		}
		for i, r := range c.Rejected {
			if name != "generated" || i%20 == 0 {
				f.Add(r.Condition)
			}
		}
	}
	for _, s := range []string{`a.b in ("\q")`, `a.b = "a\\"`, "a.b[\"x]y\"] = '\\''", "(not) and not not(and)",
		"a.b = oneof and x", "a.b = oneof (x)", "len(getopt((a.b, \"x\"), \"a:\")[b]) <= 0x1F",
		"a.b = x\x00 and a.b[\x00] exists", `a.b["\x00 "] = "\x00 " and concat("\x00", a.b) in (x, "\xff")`} {
		f.Add(s)
	}
}

// FuzzParse: what parses is printed as text that parses to the same tree; positions of
// errors are within the text; nothing panics.
func FuzzParse(f *testing.F) {
	addCorpus(f)
	f.Fuzz(func(t *testing.T, text string) {
		for v := range versions {
			fuzzParse(t, text, v)
		}
	})
}

func fuzzParse(t *testing.T, text string, v compat.Version) {
	n, err := Parse(text, MaxDepth, v)
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
	again, err := Parse(printed, 4*MaxDepth, v)
	if err != nil {
		t.Fatalf("%q is printed as %q: %v", text, printed, err)
	}
	if !sameTree(n, again) {
		t.Fatalf("%q is printed as %q, which is another tree: %q", text, printed, again)
	}
}

// FuzzCompile: what compiles can be evaluated, agrees with its printed form, and its
// witnesses hold; nothing panics.
func FuzzCompile(f *testing.F) {
	addCorpus(f)
	cat := probeCatalogue(f)
	events := probeEvents(f)[:20]
	events = append(events, probeEventsOf(f, "bytes-events.txt")...)
	f.Fuzz(func(t *testing.T, text string) {
		for v := range versions {
			fuzzCompile(t, text, &Scope{Catalogue: cat, Source: probeSource, Layout: &fields.Layout{}, Falco: v}, events)
		}
	})
}

func fuzzCompile(t *testing.T, text string, s *Scope, events []probeEvent) {
	n, err := Parse(text, MaxDepth, s.Falco)
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
}

// FuzzBytes compares checks of all operators on any bytes with the naive evaluator, and the
// witnesses with the verdicts.
func FuzzBytes(f *testing.F) {
	for op := range bytesOps {
		f.Add(uint8(op), "a.b", "a\xffb")
		f.Add(uint8(op), "a\ufffd*", "a\xed\xa0\x80b\x00c")
	}
	cat := probeCatalogue(f)
	f.Fuzz(func(t *testing.T, op uint8, value, text string) {
		for v := range versions {
			s := &Scope{Catalogue: cat, Source: probeSource, Layout: &fields.Layout{}, Falco: v}
			fuzzBytes(t, bytesOps[int(op)%len(bytesOps)], value, text, s)
		}
	})
}

var bytesOps = []string{"=", "!=", "<", ">=", "contains", "icontains", "startswith", "endswith", "glob", "iglob", "regex", "pmatch", "in"}

func fuzzBytes(t *testing.T, op, value, text string, s *Scope) {
	if strings.ContainsAny(op, "gp") && op != "regex" && strings.Contains(value, "[") {
		return // the naive evaluator knows few brackets
	}
	if strings.ContainsAny(op, "<>") {
		value = "10"
	}
	e := probeEvent{num: 1, line: text, vals: map[string]string{"s": text}}
	for _, left := range []Node{fieldNode("probe.s"), transformNode("toupper", fieldNode("probe.s")), transformNode("b64", fieldNode("probe.s"))} {
		n := &Binary{Left: left, Op: op, Right: &ValueNode{Text: value}}
		switch {
		case op == "in" || op == "pmatch":
			n.Right = &ListNode{Values: []string{value}}
		case strings.ContainsAny(op, "<>"):
			n.Right = &ValueNode{Text: value, Form: ValueNumber}
		}
		cond, _, err := Compile(n, s)
		if err != nil {
			continue
		}
		env := &Env{Row: e.row(s.Layout), Arena: event.NewArena(nil, nil)}
		want := naive{s.Catalogue, e, s.Falco}.cond(n)
		if got := cond.Eval(env); got != want {
			t.Fatalf("%s: %q on %q: got %v, want %v", s.Falco, n, text, got, want)
		}
		checkWitnesses(t, cond, env, e)
	}
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
			p := newParser(text[:size], MaxDepth, s.Falco)
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
