// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "extract.h"
*/
import "C"

import (
	"fmt"
	"math"
	"runtime"
	"strconv"
	"unsafe"

	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/internal/cmem"
)

// plan is a compiled list of wants: the requests as C reads them, and where the answers go.
type plan struct {
	p *plugin
	c *C.gyr_plan
	// cells are the cells of the requests, by request; lists are the requests for lists;
	// doubles are pairs of a cell and another one for the same reference; info are the
	// cells of evt.plugininfo.
	cells   []int
	lists   []int
	doubles [][2]int
	info    []int
	// width is how many records C returns per event: the requests, and the text.
	width int
}

// Plan implements [fields.Extractor].
func (p *plugin) Plan(wants []fields.Want) (fields.Plan, error) {
	pl := &plan{p: p}
	var refs []fields.Ref
	index := map[fields.Ref]int{}
	for _, w := range wants {
		if w.Ref.Field.ID == fields.InfoID {
			pl.info = append(pl.info, w.Cell)
			continue
		}
		if int(w.Ref.Field.ID) >= len(p.mod.info.Fields) {
			return nil, p.fail("plan", fmt.Errorf("there is no field %s with the id %d", w.Ref, w.Ref.Field.ID))
		}
		i, ok := index[w.Ref]
		if !ok {
			i = len(refs)
			index[w.Ref] = i
			refs = append(refs, w.Ref)
			pl.cells = append(pl.cells, w.Cell)
			continue
		}
		pl.doubles = append(pl.doubles, [2]int{pl.cells[i], w.Cell})
	}
	order, ends := calls(refs, p.mod.lib.repeatsFields())
	sorted, cells := make([]fields.Ref, len(refs)), make([]int, len(refs))
	for to, from := range order {
		sorted[to], cells[to] = refs[from], pl.cells[from]
	}
	pl.cells = cells
	pl.build(sorted, ends)
	return pl, nil
}

// calls orders references so that each call has every field at most once: all that are
// the first of their field, then all second ones, and so on. ends are the positions
// behind the last reference of each call. A library that repeats fields gets one call.
func calls(refs []fields.Ref, repeats bool) (order []int, ends []uint32) {
	round := make([]int, len(refs))
	count := map[uint32]int{}
	for i, r := range refs {
		round[i] = count[r.Field.ID]
		if !repeats {
			count[r.Field.ID]++
		}
	}
	for n := 0; len(order) < len(refs); n++ {
		for i := range refs {
			if round[i] == n {
				order = append(order, i)
			}
		}
		ends = append(ends, uint32(len(order)))
	}
	return order, ends
}

// build lays the requests out in C memory, which is freed with the plan.
func (pl *plan) build(refs []fields.Ref, ends []uint32) {
	const reqSize = int(unsafe.Sizeof(C.gyr_extract_field{}))
	head := int(unsafe.Sizeof(C.gyr_plan{}))
	size := head + len(refs)*reqSize + len(ends)*4
	texts := size
	for _, r := range refs {
		size += len(r.Field.Name) + 1 + len(argText(r)) + 1
	}
	mem := cmem.Zeroed(size)
	base := unsafe.Pointer(unsafe.SliceData(mem))
	text := func(s string) *C.char {
		at := texts
		texts += copy(mem[at:], s) + 1
		return (*C.char)(unsafe.Add(base, at))
	}
	c := (*C.gyr_plan)(base)
	c.requests = (*C.gyr_extract_field)(unsafe.Add(base, head))
	c.calls = (*C.uint32_t)(unsafe.Add(base, head+len(refs)*reqSize))
	c.num_requests, c.num_calls = C.uint32_t(len(refs)), C.uint32_t(len(ends))
	copy(unsafe.Slice((*uint32)(unsafe.Pointer(c.calls)), len(ends)), ends)
	for i, f := range unsafe.Slice(c.requests, len(refs)) {
		if pl.p.mod.info.Fields[refs[i].Field.ID].List {
			pl.lists = append(pl.lists, i)
		}
		pl.request(&f, refs[i], text)
		unsafe.Slice(c.requests, len(refs))[i] = f
	}
	pl.width = len(refs)
	if len(pl.info) > 0 && pl.p.mod.lib.c.event_to_string != nil {
		c.info, c.id = 1, C.uint32_t(pl.p.mod.info.ID)
		pl.width++
	}
	pl.c = c
	runtime.AddCleanup(pl, func(mem []byte) { cmem.Free(mem) }, mem)
}

// request fills in the question. Without an argument the index is the largest number, as
// Falco has it.
func (pl *plan) request(f *C.gyr_extract_field, r fields.Ref, text func(string) *C.char) {
	published := &pl.p.mod.info.Fields[r.Field.ID]
	f.field_id = C.uint32_t(r.Field.ID)
	f.field = text(published.Name)
	f.ftype = C.uint32_t(published.Type)
	f.arg_index = math.MaxUint64
	if published.List {
		f.flist = 1
	}
	if !r.HasArg {
		return
	}
	f.arg_present = 1
	// Before API 1.0 there is only the text.
	if !r.ByIndex || pl.p.mod.lib.version[0] == 0 {
		f.arg_key = text(argText(r))
	}
	if r.ByIndex {
		f.arg_index = C.uint64_t(r.Index)
	}
}

func argText(r fields.Ref) string {
	if r.Arg == "" && r.ByIndex {
		return strconv.FormatUint(r.Index, 10)
	}
	return r.Arg
}
