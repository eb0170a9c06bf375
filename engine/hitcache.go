// SPDX-License-Identifier: Apache-2.0

package engine

// hitCache caches the atoms that hold for recent values of a cell. It pays off for fields with
// repeating values, such as a user agent or a region: comparing with a cached text is cheaper
// than searching for hundreds of literals. If values do not repeat, it soon turns itself off.
// Each worker has one per cell.
type hitCache struct {
	entries []hitEntry
	// asked and found count look-ups and hits since the last decision; skip is the number of
	// values to probe without a look-up.
	asked, found, skip int32
}

type hitEntry struct {
	text  []byte
	atoms []int32
	used  bool
}

const (
	cacheEntries = 64
	cacheMaxText = 256
	cacheTrial   = 512 // look-ups between decisions
	cacheRest    = 1 << 14
)

// lookup returns the entry of s. If found is true it holds the atoms of s; otherwise the caller
// fills it in. It returns nil if s should not be cached.
func (c *hitCache) lookup(s string) (e *hitEntry, found bool) {
	if c.skip > 0 {
		c.skip--
		return nil, false
	}
	if len(s) > cacheMaxText {
		return nil, false
	}
	if c.asked++; c.asked == cacheTrial {
		if c.found < cacheTrial/2 {
			c.skip = cacheRest
		}
		c.asked, c.found = 0, 0
	}
	if c.entries == nil {
		c.entries = make([]hitEntry, cacheEntries)
	}
	e = &c.entries[textKey(s)%cacheEntries]
	if e.used && string(e.text) == s {
		c.found++
		return e, true
	}
	e.used = true
	e.text, e.atoms = append(e.text[:0], s...), e.atoms[:0]
	return e, false
}
