// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"encoding/base64"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/internal/utftext"
)

// fragments are what texts of byte soup are made of: control characters, characters of all
// lengths, and all ways to break them.
var fragments = []string{
	"a", "B", "b", "/", "-a", "=", " ", `"`, "'", `\`, "\n", "\r", "\x01", "\x08", "\x0b", "\x1b", "\x1f", "\x7f",
	"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\ufffd", "\u0085", "\ufffe", "\U0010ffff",
	"\x80", "\xbf", "\xff", "\xfe", "\xc0", "\xc0\x80", "\xc3", "\xe2", "\xe2\x82", "\xe0\x80\x80",
	"\xed\xa0\x80", "\xed\xa0", "\xed\xb0\x80", "\xf0\x9f\x98", "\xf0\x9f", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf8",
}

// newSoup returns a generator of conditions and events about byte soup.
func newSoup(seed uint64, v compat.Version) generator {
	g := generator{Rand: rand.New(rand.NewPCG(seed, 45)), nul: true}
	// Half of the texts have few fragments, so that many are equal in parts.
	few := []string{pick(g, fragments...), pick(g, fragments...), pick(g, fragments...), "a"}
	for i := range 24 {
		g.strings = append(g.strings, g.text(pick(g, few, fragments)))
		if i%3 == 0 { // a part, cut where it may hurt
			s := pick(g, g.strings...)
			from := g.IntN(len(s) + 1)
			g.strings = append(g.strings, s[from:from+g.IntN(len(s)-from+1)])
		}
		if i%6 == 0 {
			s := pick(g, g.strings...) + pick(g, "", "\x00", "\x00b")
			g.strings = append(g.strings, base64.RawStdEncoding.EncodeToString([]byte(s)))
		}
		s := pick(g, g.strings...)
		g.globs = append(g.globs, g.wildcards(s, "*", "?", "[!a]"))
		g.regexes = append(g.regexes, g.pattern(s))
		g.paths = append(g.paths, pick(g, "", "/")+s)
	}
	g.consts = g.strings
	if v.HexEscapes() {
		g.consts = append([]string{"\x00", "a\x00", "\x00\xff"}, g.strings...)
	}
	return g
}

func (g generator) text(from []string) string {
	var b strings.Builder
	for range g.IntN(6) {
		b.WriteString(pick(g, from...))
	}
	return b.String()
}

// wildcards replaces some bytes of s.
func (g generator) wildcards(s string, by ...string) string {
	var b strings.Builder
	for i := range len(s) {
		if g.IntN(3) == 0 {
			b.WriteString(pick(g, by...))
		} else {
			b.WriteByte(s[i])
		}
	}
	return pick(g, "", "*") + b.String() + pick(g, "", "*")
}

// pattern makes a regular expression that s may match.
func (g generator) pattern(s string) string {
	var b strings.Builder
	for _, r := range string(utftext.AppendRepaired(nil, s)) {
		lit := regexp.QuoteMeta(string(r))
		b.WriteString(pick(g, lit, lit, lit, ".", ".*", "("+lit+")+", lit+"?", "[^a]", "("+lit+"|b)", `[\x01-\x1f]`, `\x{FFFD}`, `[\x{80}-\x{10FFFF}]`))
	}
	if g.IntN(40) == 0 {
		b.WriteString("\xff") // refused
	}
	return pick(g, "", ".*", "^") + b.String() + pick(g, "", ".*", "$")
}

// Soup is a set of conditions and events of byte soup, for tests that run the engine too.
type Soup struct {
	Falco      compat.Version
	Conditions []Node
	Lines      []string
	events     []probeEvent
	catalogue  *fields.Catalogue
}

// NewSoup makes a Soup. Some values have a NUL, at which the texts of fields end.
func NewSoup(t testing.TB, seed uint64, v compat.Version, conditions, events int) *Soup {
	s := &Soup{Falco: v}
	g := newSoup(seed, v)
	for range conditions {
		s.Conditions = append(s.Conditions, g.cond(2))
	}
	for i := range events {
		s.Lines = append(s.Lines, g.event())
		s.events = append(s.events, newProbeEvent(i+1, s.Lines[i]))
	}
	s.catalogue = probeCatalogueOf(t, s)
	return s
}

// Scope returns a new scope of the fields of the conformance plugin, which s extracts.
func (s *Soup) Scope() *Scope {
	return &Scope{Catalogue: s.catalogue, Source: probeSource, Layout: &fields.Layout{}, Falco: s.Falco}
}

// Naive evaluates the i-th condition on the k-th event without the compiler.
func (s *Soup) Naive(i, k int) bool {
	return naive{s.catalogue, s.events[k], s.Falco}.cond(s.Conditions[i])
}

// Row returns the values of the k-th event.
func (s *Soup) Row(k int, l *fields.Layout) []event.Value { return s.events[k].row(l) }

// Plan implements [fields.Extractor].
func (s *Soup) Plan(wants []fields.Want) (fields.Plan, error) { return &soupPlan{s, wants}, nil }

type soupPlan struct {
	*Soup
	wants []fields.Want
}

func (p *soupPlan) Extract(b *event.Batch, rows []int32, t *fields.Table) error {
	for _, r := range rows {
		for _, w := range p.wants {
			t.Row(int(r))[w.Cell] = p.events[b.Events[r].Num-1].value(w.Ref)
		}
	}
	return nil
}

// Same reports whether two trees are equal but for their positions.
func Same(a, b Node) bool { return sameTree(a, b) }

// CheckWitnesses fails if a check of the condition holds on the event and its witness not.
func (s *Soup) CheckWitnesses(t *testing.T, c *Cond, env *Env, k int) int {
	t.Helper()
	return checkWitnesses(t, c, env, s.events[k])
}
