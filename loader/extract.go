// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "extract.h"

#cgo noescape gyr_extract
*/
import "C"

import (
	"errors"
	"runtime"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
)

var errMemory = errors.New("out of memory")

// Extract implements [fields.Plan] with one crossing into C.
func (pl *plan) Extract(b *event.Batch, rows []int32, t *fields.Table) error {
	if len(rows) == 0 {
		return nil
	}
	p := pl.p
	if info := p.mod.info; pl.width == 0 || !info.ExtractsFrom(b.Source) && b.Source != info.Source {
		pl.absent(b, rows, t)
		return nil
	}
	p.extracting.Lock()
	defer p.extracting.Unlock()
	defer p.pins.Unpin()
	p.showEvents(b, rows)
	p.showSource(b)
	rc := C.gyr_extract(p.c, pl.c, (*C.uintptr_t)(unsafe.Pointer(unsafe.SliceData(p.events))), C.uint32_t(len(rows)), cstr(p.sourceText), p.parsed.again(b, rows, pl))
	runtime.KeepAlive(b)
	p.collect()
	if rc != 0 {
		pl.absent(b, rows, t)
		return p.fail("extract", errMemory)
	}
	pl.store(b, rows, t)
	p.reportFailures()
	runtime.KeepAlive(pl)
	return nil
}

// showEvents lists the addresses of the rows' blobs. Blobs in Go memory are pinned.
func (p *plugin) showEvents(b *event.Batch, rows []int32) {
	p.events = p.events[:0]
	for _, row := range rows {
		p.events = append(p.events, uintptr(p.showEvent(b, row)))
	}
}

// showEvent pins the row's blob and returns its address.
func (p *plugin) showEvent(b *event.Batch, row int32) unsafe.Pointer {
	e := &b.Events[row]
	if e.Blob == nil {
		e.Blob = e.AppendBlob(b.Arena.Bytes(e.BlobLen())[:0])
		e.Data = e.Blob[len(e.Blob)-len(e.Data) : len(e.Blob) : len(e.Blob)]
	}
	at := unsafe.Pointer(unsafe.SliceData(e.Blob))
	p.pins.Pin(at)
	return at
}

// showSource sets the text of the batch's source.
func (p *plugin) showSource(b *event.Batch) {
	if p.source != b.Source || p.sourceText == nil {
		cmem.Free(p.sourceText)
		p.source, p.sourceText = b.Source, cmem.CString(b.Source)
	}
}

// answers are the results of a crossing. Bytes are copied, the rest is C's until the next.
type answers struct {
	values, elements []C.gyr_value
	bytes            []byte
}

// store puts the answers into the table.
func (pl *plan) store(b *event.Batch, rows []int32, t *fields.Table) {
	c := &pl.p.c.answers
	a := answers{
		values:   unsafe.Slice(c.values, len(rows)*pl.width),
		elements: unsafe.Slice(c.elements, int(c.num_elements)),
		bytes:    b.Arena.Copy(unsafe.Slice((*byte)(unsafe.Pointer(c.bytes)), int(c.num_bytes))),
	}
	a.storeSingle(pl, rows, t)
	if len(pl.lists)+len(pl.doubles)+len(pl.info) == 0 {
		return
	}
	for i, row := range rows {
		record := a.values[i*pl.width : (i+1)*pl.width]
		cells := t.Row(int(row))
		for _, k := range pl.lists {
			cells[pl.cells[k]] = a.value(&record[k], b.Arena)
		}
		for _, d := range pl.doubles {
			cells[d[1]] = cells[d[0]]
		}
		if len(pl.info) > 0 {
			var text *C.gyr_value
			if len(record) > len(pl.cells) {
				text = &record[len(pl.cells)]
			}
			pl.storeInfo(&a, text, b, int(row), cells)
		}
	}
}

// storeSingle stores the answers that are no lists. It is most of what extraction costs in
// Go: a loop without a call that writes each cell once. C has checked where texts lie.
func (a *answers) storeSingle(pl *plan, rows []int32, t *fields.Table) {
	base := unsafe.Pointer(unsafe.SliceData(a.bytes))
	for i, row := range rows {
		storeRow(a.values[i*pl.width:], pl.cells, t.Row(int(row)), base)
	}
}

// storeRow does so for a row. It stays a function of its own because it needs all
// registers.
//
//go:noinline
func storeRow(values []C.gyr_value, cells []int, row []event.Value, base unsafe.Pointer) {
	values = values[:len(cells)]
	for k, cell := range cells {
		from, to := &values[k], &row[cell]
		var text string
		var num uint64
		present := from.kind == C.GYR_NUMBER
		if from.kind == C.GYR_BYTES {
			text, present = unsafe.String((*byte)(unsafe.Add(base, from.num)), int(from.n)), true
		} else if present {
			num = uint64(from.num)
		}
		to.Str, to.Num, to.List, to.Present = text, num, nil, present
	}
}

// value returns an answer as a value in the memory of the batch.
func (a *answers) value(from *C.gyr_value, mem *event.Arena) event.Value {
	switch from.kind {
	case C.GYR_NUMBER:
		return event.NumValue(uint64(from.num))
	case C.GYR_BYTES:
		return event.StringValue(event.String(a.bytes[from.num:][:from.n]))
	case C.GYR_LIST:
		list := mem.Values(int(from.n))
		for i := range list {
			list[i] = a.value(&a.elements[int(from.num)+i], mem)
		}
		return event.ListValue(list)
	}
	return event.Value{}
}

// storeInfo sets the cells of evt.plugininfo: the plugin's text for an event of its own,
// or the text that stands in for it.
func (pl *plan) storeInfo(a *answers, text *C.gyr_value, b *event.Batch, row int, cells []event.Value) {
	var v event.Value
	if e := &b.Events[row]; e.Type == abi.PluginEvent && e.PluginID == pl.p.mod.info.ID {
		if text != nil && text.kind == C.GYR_BYTES && text.n > 0 {
			v = a.value(text, b.Arena)
		} else {
			v = event.StringValue(event.String(host.AppendFallbackInfo(b.Arena.Bytes(fallbackRoom)[:0], e.Data)))
		}
	}
	for _, cell := range pl.info {
		cells[cell] = v
	}
}

// fallbackRoom is enough for any text of AppendFallbackInfo.
const fallbackRoom = 128

// absent makes the cells of all rows absent, but for texts that need no call.
func (pl *plan) absent(b *event.Batch, rows []int32, t *fields.Table) {
	for _, row := range rows {
		cells := t.Row(int(row))
		for _, cell := range pl.cells {
			cells[cell] = event.Value{}
		}
		for _, d := range pl.doubles {
			cells[d[1]] = event.Value{}
		}
		if len(pl.info) > 0 {
			pl.storeInfo(nil, nil, b, int(row), cells)
		}
	}
}
