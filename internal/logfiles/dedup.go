// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"sync"
	"sync/atomic"
	"time"
)

// ID identifies a record.
type ID [16]byte

// Dedup leaves records out that were events before. A record counts as seen when a batch with
// it is acknowledged, not before: what is given again because it was not delivered is not a
// duplicate. Any goroutine may use it.
type Dedup struct {
	// Window is for how long a record counts as seen.
	Window time.Duration
	// Max is how many records are known at most. Then the oldest are forgotten.
	Max int
	// Identify returns what identifies a record; without ok nothing does. It is called by
	// one goroutine at a time.
	Identify func(record []byte) (id ID, ok bool)

	// Suppressed counts records that were left out, Evicted those that were forgotten
	// before their time.
	Suppressed, Evicted atomic.Uint64

	mu    sync.Mutex
	known map[ID]time.Time // when it was seen
	order []seen           // the oldest first, from head on
	head  int
}

type seen struct {
	id ID
	at time.Time
}

// isKnown reports whether a record was seen within the window before now.
func (d *Dedup) isKnown(id ID, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	at, ok := d.known[id]
	if !ok || now.Sub(at) > d.Window {
		return false
	}
	d.Suppressed.Add(1)
	return true
}

// add notes records as seen.
func (d *Dedup) add(ids []ID, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[ID]time.Time{}
	}
	for _, id := range ids {
		d.known[id] = now
		d.order = append(d.order, seen{id, now})
	}
	for d.head < len(d.order) {
		old := d.order[d.head]
		late := now.Sub(old.at) > d.Window
		if !late && len(d.known) <= d.Max {
			break
		}
		if d.known[old.id].Equal(old.at) { // it was not seen again later
			delete(d.known, old.id)
			if !late {
				d.Evicted.Add(1)
			}
		}
		d.head++
	}
	if d.head > len(d.order)/2 {
		d.order = append([]seen(nil), d.order[d.head:]...)
		d.head = 0
	}
}
