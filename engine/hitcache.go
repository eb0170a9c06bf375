// SPDX-License-Identifier: Apache-2.0

package engine

// hitCache remembers which atoms the last values of a cell fulfilled, for fields whose
// values come again and again (a user agent, a region): comparing with one remembered text
// is cheaper than looking for hundreds of literals in it. Where values do not repeat it
// soon stops trying. Each worker has its own for each cell.
type hitCache struct {
	entries []hitEntry
	// asked and found count look-ups since the last decision; skip is how many values
	// are still to be probed without a look-up.
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
	cacheTrial   = 512 // look-ups after which the worth of a cache is decided
	cacheRest    = 1 << 14
)

// lookup returns the entry for s: found says that it holds the atoms of s, else they are to
// be entered. It returns nil if s is not to be cached.
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
