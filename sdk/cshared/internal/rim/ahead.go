// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"bytes"
	"fmt"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// window is the number of events after which ahead chooses the fields again.
const window = 256

// ahead serves hosts that request one field per call, and again for each rule, like Falco. A
// plugin with plans would parse the entire event each time. Therefore, the fields that the host
// requested in at least a quarter of the recent events are extracted together at the first
// request for an event, and other requests are served from the cache.
//
// The event is copied, so that cached values outlive the call, and compared at each request, so
// that values are correct even if a host reuses an event's number or memory.
type ahead struct {
	evt    event.Event // a view of blob
	blob   []byte
	seen   uint64 // events so far
	chosen []*cachedPlan
	plan   sdk.Plan // for chosen; nil if it does not pay off
	out    []event.Value
	mem    *event.Arena
	filled bool  // out holds the fields of evt
	err    error // of filling
	broken bool  // the plan panicked and must not be used again
}

// value returns the cached value for a plan with one request, and the error of its extraction.
// ok is false if the value is not cached.
func (a *ahead) value(s *state, pl *cachedPlan) (v event.Value, ok bool, err error) {
	if a.broken {
		return v, false, nil
	}
	if a.seen == 0 || s.evt.Num != a.evt.Num || !bytes.Equal(s.evt.Blob, a.blob) {
		a.next(s)
	}
	if pl.seen != a.seen {
		pl.seen = a.seen
		pl.asked++
	}
	if pl.place < 0 || a.plan == nil {
		return v, false, nil
	}
	if !a.filled {
		a.fill()
	}
	if a.broken {
		return v, false, nil
	}
	return a.out[pl.place], true, a.err
}

// next moves to the event of s.
func (a *ahead) next(s *state) {
	if a.mem == nil {
		a.mem = event.NewArena(nil, nil)
	}
	if a.seen++; a.seen%window == 0 {
		a.choose(s)
	}
	a.blob = append(a.blob[:0], s.evt.Blob...)
	a.evt.Num = s.evt.Num
	a.filled = false
	_ = a.evt.Decode(a.blob) // it worked for s.evt
}

// choose makes the plan for the frequently requested fields.
func (a *ahead) choose(s *state) {
	old := a.chosen
	a.chosen = nil
	for _, pl := range s.plans.byHash {
		for ; pl != nil; pl = pl.next {
			if len(pl.reqs) == 1 && pl.asked >= window/4 {
				a.chosen = append(a.chosen, pl)
			}
			pl.asked = 0
		}
	}
	same := len(old) == len(a.chosen)
	for _, pl := range a.chosen {
		same = same && pl.place >= 0
	}
	if same {
		a.chosen = old
		return
	}
	for _, pl := range old {
		pl.place = -1
	}
	a.plan, a.out = nil, make([]event.Value, len(a.chosen))
	reqs := make([]sdk.Request, len(a.chosen))
	for i, pl := range a.chosen {
		pl.place, reqs[i] = i, pl.reqs[0]
	}
	if len(reqs) > 1 {
		_ = guard(func() (err error) {
			plan, err := sdk.PlanFor(s.plugin, reqs)
			if err == nil {
				a.plan = plan
			}
			return err
		})
	}
}

// fill extracts the chosen fields of the event.
func (a *ahead) fill() {
	defer func() {
		if r := recover(); r != nil {
			a.broken, a.err = true, fmt.Errorf("panic: %v", r)
		}
	}()
	clear(a.out)
	a.mem.Reset()
	a.err = a.plan.Extract(&a.evt, a.out, a.mem)
	a.filled = true
}
