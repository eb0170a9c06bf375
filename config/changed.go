// SPDX-License-Identifier: Apache-2.0

package config

import "slices"

// Changed returns the top-level keys whose values differ from an older configuration, in the
// order of c, followed by the keys that c no longer has. The positions of values in the files
// do not matter.
func (c *Config) Changed(old *Config) []string {
	var changed []string
	for _, k := range c.root.keys {
		if !c.root.get(k).equal(old.root.get(k)) && !slices.Contains(changed, k) {
			changed = append(changed, k)
		}
	}
	for _, k := range old.root.keys {
		if c.root.get(k) == nil && !slices.Contains(changed, k) {
			changed = append(changed, k)
		}
	}
	return changed
}

// equal reports whether two nodes have the same value.
func (n *node) equal(o *node) bool {
	if n == nil || o == nil {
		return n == o
	}
	return n.kind == o.kind && n.value == o.value && slices.Equal(n.keys, o.keys) && slices.EqualFunc(n.kids, o.kids, (*node).equal)
}
