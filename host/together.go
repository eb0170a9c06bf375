// SPDX-License-Identifier: Apache-2.0

package host

import "fmt"

// CheckTogether checks that plugins can be loaded together, in this order: names and IDs are
// unique, an event source has one plugin, and no two plugins extract a field with the same name
// from the same source. sources lists the event sources other than the plugins' own ("syscall").
// generic reports the fields that exist for every source, which plugins must not extract.
func CheckTogether(infos []*Info, sources []string, generic func(field string) bool) error {
	names, ids, owners := map[string]*Info{}, map[uint32]*Info{}, map[string]*Info{}
	for _, p := range infos {
		if names[p.Name] != nil {
			return fmt.Errorf("found another plugin with name %s. Aborting.", p.Name) //nolint:staticcheck // Falco's words
		}
		names[p.Name] = p
		if !p.Caps.Has(Sourcing) {
			continue
		}
		if p.ID != 0 {
			if ids[p.ID] != nil {
				return fmt.Errorf("found another plugin with ID %d. Aborting.", p.ID) //nolint:staticcheck // Falco's words
			}
			ids[p.ID] = p
		}
		if p.Source == "" {
			continue
		}
		if other := owners[p.Source]; other != nil {
			return fmt.Errorf("plugins %s and %s both provide the event source %s; load only one of them", other.Name, p.Name, p.Source)
		}
		owners[p.Source] = p
		sources = append(sources[:len(sources):len(sources)], p.Source)
	}
	for _, s := range sources {
		if err := checkOverlap(infos, s, generic); err != nil {
			return err
		}
	}
	return nil
}

// checkOverlap checks that every field of the source has only one owner.
func checkOverlap(infos []*Info, source string, generic func(string) bool) error {
	taken := map[string]bool{}
	for _, p := range infos {
		if !p.ExtractsFrom(source) {
			continue
		}
		for i := range p.Fields {
			name := p.Fields[i].Name
			if taken[name] || generic != nil && generic(name) {
				return fmt.Errorf("Plugin '%s' supports extraction of field '%s' that is overlapping for source '%s'", p.Name, name, source) //nolint:staticcheck // Falco's words
			}
		}
		for i := range p.Fields {
			taken[p.Fields[i].Name] = true
		}
	}
	return nil
}
