// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/sdk"
)

// maxPlans is the maximum number of cached plans of a state; then the cache is cleared.
const maxPlans = 4096

// planCache finds the plan for a list of requests. Hosts use the same few lists repeatedly: Falco
// one per field, gyr one with all fields of a ruleset.
type planCache struct {
	// recent holds the last used plan by the ID of its first field.
	recent []*cachedPlan
	// byHash holds all plans. Plans with the same hash are chained.
	byHash map[uint64]*cachedPlan
}

type cachedPlan struct {
	reqs   []sdk.Request
	plan   sdk.Plan
	shapes []shape // by request
	lists  []int   // the requests for lists
	next   *cachedPlan

	// For ahead: the number of events in the window for which the plan was requested, the last
	// of them, and its index in the common plan, or -1.
	asked uint32
	seen  uint64
	place int
}

// shape is the form of the values of a request.
type shape struct {
	typ  abi.FieldType
	list bool
}

// planFor returns the plan for the requests of a call.
func (s *state) planFor(fields []C.gyr_extract_field) (*cachedPlan, error) {
	c, first := &s.plans, uint32(fields[0].field_id)
	if uint64(first) < uint64(len(c.recent)) {
		if pl := c.recent[first]; pl != nil && pl.fits(fields) {
			return pl, nil
		}
	}
	h := hash(fields)
	for pl := c.byHash[h]; pl != nil; pl = pl.next {
		if pl.fits(fields) {
			c.recent[first] = pl
			return pl, nil
		}
	}
	pl, err := s.newPlan(fields)
	if err != nil {
		return nil, err
	}
	if c.byHash == nil || len(c.byHash) >= maxPlans {
		c.byHash = make(map[uint64]*cachedPlan)
		s.ahead = ahead{broken: s.ahead.broken}
		c.recent = make([]*cachedPlan, len(s.known))
	}
	pl.next = c.byHash[h]
	c.byHash[h] = pl
	c.recent[first] = pl
	return pl, nil
}

func (s *state) newPlan(fields []C.gyr_extract_field) (*cachedPlan, error) {
	pl := &cachedPlan{reqs: make([]sdk.Request, len(fields)), shapes: make([]shape, len(fields)), place: -1}
	for i := range fields {
		f, r := &fields[i], &pl.reqs[i]
		if uint64(f.field_id) >= uint64(len(s.known)) {
			return nil, fmt.Errorf("no field with ID %d", f.field_id)
		}
		r.Field = int(f.field_id)
		r.Info = &s.known[r.Field]
		if pl.shapes[i] = (shape{r.Info.Type, r.Info.List}); r.Info.List {
			pl.lists = append(pl.lists, i)
		}
		if r.HasArg = f.arg_present != 0; !r.HasArg {
			continue
		}
		if r.ByIndex = f.arg_key == nil; r.ByIndex {
			r.Index = uint64(f.arg_index)
		} else {
			r.Key = C.GoString(f.arg_key)
		}
	}
	var err error
	pl.plan, err = sdk.PlanFor(s.plugin, pl.reqs)
	return pl, err
}

// fits reports whether pl is the plan for these requests.
func (pl *cachedPlan) fits(fields []C.gyr_extract_field) bool {
	if len(fields) != len(pl.reqs) {
		return false
	}
	for i := range fields {
		f, r := &fields[i], &pl.reqs[i]
		if int(f.field_id) != r.Field || (f.arg_present != 0) != r.HasArg {
			return false
		}
		if !r.HasArg {
			continue
		}
		if (f.arg_key == nil) != r.ByIndex {
			return false
		}
		if r.ByIndex {
			if uint64(f.arg_index) != r.Index {
				return false
			}
		} else if !equalText(unsafe.Pointer(f.arg_key), r.Key) {
			return false
		}
	}
	return true
}

// hash returns the FNV-1a hash of the data that fits compares.
func hash(fields []C.gyr_extract_field) uint64 {
	h := uint64(14695981039346656037)
	add := func(n uint64) { h = (h ^ n) * 1099511628211 }
	for i := range fields {
		f := &fields[i]
		add(uint64(f.field_id))
		if f.arg_present == 0 {
			continue
		}
		if f.arg_key == nil {
			add(uint64(f.arg_index))
			continue
		}
		for p := unsafe.Pointer(f.arg_key); *(*byte)(p) != 0; p = unsafe.Add(p, 1) {
			add(uint64(*(*byte)(p)) + 1)
		}
	}
	return h
}
