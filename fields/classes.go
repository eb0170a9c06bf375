// SPDX-License-Identifier: Apache-2.0

package fields

import "slices"

// FieldClass is a group of fields, with the event sources that have it, sorted.
type FieldClass struct {
	Name    string
	Sources []string
	// Fields are those that are not hidden, in the order of the catalogue.
	Fields []*Field
}

// Classes groups the fields of all event sources, or of only one, by class. A class that
// several sources share appears once.
func (c *Catalogue) Classes(only string) []*FieldClass {
	var out []*FieldClass
	byName := map[string]*FieldClass{}
	for _, src := range c.Sources() {
		if only != "" && src != only {
			continue
		}
		first := map[*FieldClass]bool{} // classes that this source shows first
		for _, f := range c.Fields(src) {
			k := byName[f.Class]
			if k == nil {
				k = &FieldClass{Name: f.Class}
				byName[f.Class] = k
				out = append(out, k)
				first[k] = true
			}
			if !slices.Contains(k.Sources, src) {
				k.Sources = append(k.Sources, src)
			}
			if first[k] && !f.Hidden() {
				k.Fields = append(k.Fields, f)
			}
		}
	}
	for _, k := range out {
		slices.Sort(k.Sources)
	}
	return out
}
