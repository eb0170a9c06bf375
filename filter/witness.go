// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"net/netip"
	"slices"
	"strings"
)

// existsWitness says that the first field of the operand must be there. An operand of
// constants alone has none.
func (o *Operand) existsWitness() *Witness {
	if len(o.cells) == 0 {
		return nil
	}
	return &Witness{Cell: o.cells[0], Kind: WitnessExists}
}

// absentWitness says that the operand, a plain field, is not there; a transformer can have
// no value although its field has one.
func (o *Operand) absentWitness() *Witness { return (&Witness{Kind: WitnessAbsent}).at(o) }

// at makes a witness one about the operand, or nil if the operand is not a plain field.
func (w *Witness) at(o *Operand) *Witness {
	if w == nil || o.cell < 0 {
		return nil
	}
	w.Cell = o.cell
	return w
}

// textWitness returns a witness about text, or nil if it would say nothing: an alternative
// is empty, or there is none.
func textWitness(kind WitnessKind, alternatives ...string) *Witness {
	if len(alternatives) == 0 || slices.Contains(alternatives, "") {
		return nil
	}
	list := slices.Clone(alternatives)
	slices.Sort(list)
	return &Witness{Kind: kind, Strings: slices.Compact(list)}
}

// modifyWitness combines the witnesses of the constants of a check.
func modifyWitness(mod string, list []*Witness) *Witness {
	if len(list) == 0 {
		return nil
	}
	w := list[0]
	for _, v := range list[1:] {
		if mod == "allof" {
			if w == nil || v != nil && shortest(v) > shortest(w) {
				w = v
			}
			continue
		}
		w = union(w, v)
	}
	return w
}

// shortest is the length of the shortest alternative of a witness about text.
func shortest(w *Witness) int {
	n := len(w.Strings[0])
	for _, s := range w.Strings {
		n = min(n, len(s))
	}
	return n
}

// union returns a witness that is fulfilled if one of two witnesses about text is.
func union(a, b *Witness) *Witness {
	if a == nil || b == nil {
		return nil
	}
	kind := a.Kind
	if a.Kind != b.Kind {
		// What is equal to, begins or ends with a text contains it.
		if kind = WitnessContains; a.Kind == WitnessContainsFold || b.Kind == WitnessContainsFold {
			return nil
		}
	}
	return textWitness(kind, append(slices.Clone(a.Strings), b.Strings...)...)
}

// textWitness fits a witness about the string to the operand. A few transformers let one
// conclude from the result to the field.
func (o *Operand) textWitness(w *Witness) *Witness {
	if w == nil || o.cell >= 0 {
		return w.at(o)
	}
	e, ok := o.eval.(bytesEval)
	if !ok {
		return nil
	}
	cell, ok := e.arg.(cellEval)
	if !ok {
		return nil
	}
	for _, s := range w.Strings {
		if strings.IndexByte(s, 0) >= 0 {
			return nil
		}
	}
	switch name, _, _ := strings.Cut(o.text, "("); {
	case name == "tolower" || name == "toupper":
		// The field has the text in some case.
		w = &Witness{Kind: WitnessContainsFold, Strings: slices.Clone(w.Strings)}
		for i, s := range w.Strings {
			w.Strings[i] = lowerString(s)
		}
	case name == "basename" && w.Kind == WitnessEqual:
		w = &Witness{Kind: WitnessSuffix, Strings: w.Strings}
	case name == "basename" && w.Kind == WitnessPrefix:
		w = &Witness{Kind: WitnessContains, Strings: w.Strings}
	case name == "basename":
		// Whatever ends or is contained in the last part of a path is so in the path.
	default:
		return nil
	}
	w.Cell = int(cell)
	return w
}

// rangeWitness returns a witness about numbers, or nil if it would say nothing.
func (o *Operand) rangeWitness(ranges []Range) *Witness {
	if len(ranges) == 0 || o.cell < 0 {
		return nil
	}
	return &Witness{Cell: o.cell, Kind: WitnessRange, Ranges: ranges}
}

func setRanges(set numSet) []Range {
	var list []Range
	for _, n := range set {
		list = append(list, Range{n, n})
	}
	return list
}

// numWitness returns the ranges outside of which nothing matches.
func numWitness(m numMatcher) []Range {
	switch m := m.(type) {
	case numRange:
		return m.ranges()
	case numMod:
		if len(m.ranges) == 0 {
			return nil
		}
		if m.mod == "allof" {
			return m.ranges[0].ranges()
		}
		var list []Range
		for _, r := range m.ranges {
			list = append(list, r.ranges()...)
		}
		return list
	}
	return nil
}

// ranges returns the range, or the one or two outside of it. There may be none.
func (r numRange) ranges() []Range {
	if !r.not {
		return []Range{{r.min, r.max}}
	}
	var list []Range
	if r.min > 0 {
		list = append(list, Range{0, r.min - 1})
	}
	if r.max < ^uint64(0) {
		list = append(list, Range{r.max + 1, ^uint64(0)})
	}
	return list
}

// netWitness returns a witness about an address, or nil if it would say nothing.
func (o *Operand) netWitness(op, mod string, nets []netip.Prefix) *Witness {
	if op == "!=" || len(nets) == 0 || o.cell < 0 {
		return nil
	}
	if mod == "allof" {
		nets = nets[:1]
	}
	return &Witness{Cell: o.cell, Kind: WitnessNet, Nets: slices.Clone(nets)}
}

// witness returns what the pattern's literal parts say.
func (g *glob) witness() *Witness {
	if g.fold {
		return textWitness(WitnessContainsFold, lowerString(longestGlobPart(g.pattern)))
	}
	switch m := g.plain.(type) {
	case equal:
		return textWitness(WitnessEqual, string(m))
	case startsWith:
		return textWitness(WitnessPrefix, string(m))
	case endsWith:
		return textWitness(WitnessSuffix, string(m))
	case contains:
		return textWitness(WitnessContains, string(m))
	}
	if strings.ContainsAny(g.pattern, `[\`) {
		return textWitness(WitnessContains, longestGlobPart(g.pattern))
	}
	head := g.pattern[:strings.IndexAny(g.pattern, "*?")]
	tail := g.pattern[strings.LastIndexAny(g.pattern, "*?")+1:]
	part := longestGlobPart(g.pattern)
	switch {
	case head != "" && len(head) >= len(tail):
		return textWitness(WitnessPrefix, head)
	case tail != "":
		return textWitness(WitnessSuffix, tail)
	}
	return textWitness(WitnessContains, part)
}

// longestGlobPart is the longest literal text in a pattern, up to the first bracket or
// backslash.
func longestGlobPart(p string) string {
	if i := strings.IndexAny(p, `[\`); i >= 0 {
		p = p[:i]
	}
	return longestPart(strings.FieldsFunc(p, func(r rune) bool { return r == '*' || r == '?' }))
}

func longestPart(parts []string) string {
	best := ""
	for _, p := range parts {
		if len(p) > len(best) {
			best = p
		}
	}
	return best
}

// witness returns what the pattern's literal parts say of a value as it is: where they have
// U+FFFD, it may have something else.
func (r *regex) witness() *Witness {
	if r.plain && r.need == r.literal {
		return textWitness(WitnessEqual, r.literal)
	}
	var l literals
	l.scan(r.tree)
	head, tail := l.ends()
	switch {
	case head != "" && len(head) >= len(r.need)/2:
		return textWitness(WitnessPrefix, head)
	case tail != "" && tail == r.need:
		return textWitness(WitnessSuffix, tail)
	}
	return textWitness(WitnessContains, r.need)
}

// pathsWitness: the value has the longest literal component of one of the paths. Slashes
// may be repeated in the value, so that more than one component says nothing.
func pathsWitness(list []string) *Witness {
	var parts []string
	for _, path := range list {
		best := ""
		for _, c := range strings.Split(path, "/") {
			if !strings.ContainsAny(c, "?*[") && len(c) > len(best) {
				best = c
			}
		}
		parts = append(parts, best)
	}
	return textWitness(WitnessContains, parts...)
}
