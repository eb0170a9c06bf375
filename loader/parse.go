// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "extract.h"

#cgo noescape gyr_parse
*/
import "C"

import (
	"runtime"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
)

// parsed is the event that was parsed last. Extraction from it goes under the number that
// the plugin knows it by, until the plugin has made a text of it.
type parsed struct {
	blob *byte
	num  uint64
}

// again reports (as C does) whether the rows are just that event.
func (d *parsed) again(b *event.Batch, rows []int32, pl *plan) C.int {
	if d.blob == nil {
		return 0
	}
	e := &b.Events[rows[0]]
	if len(rows) != 1 || &e.Blob[0] != d.blob || e.Num != d.num {
		d.blob = nil
		return 0
	}
	if pl.c.info != 0 {
		d.blob = nil
	}
	return 1
}

// Parse implements [host.Parser].
func (p *plugin) Parse(b *event.Batch, row int) error {
	p.extracting.Lock()
	defer p.extracting.Unlock()
	at := p.showEvent(b, int32(row))
	p.showSource(b)
	p.parsed = parsed{blob: (*byte)(at), num: b.Events[row].Num}
	rc := C.gyr_parse(p.c, (*C.uint8_t)(at), cstr(p.sourceText))
	runtime.KeepAlive(b)
	p.pins.Unpin()
	p.collect()
	if rc != C.GYR_SUCCESS {
		why := errorText(C.gyr_state_error(p.c))
		p.mod.failures.Add(host.FailParse, 1, why.Error())
		return p.fail("parse", why)
	}
	return nil
}

// collect takes back the entries of tables made of Go that the plugin holds after a call,
// if it has no way to release them: that came with API 3.1.
func (p *plugin) collect() {
	if p.mod.lib.version[1] < 1 && len(p.goside.entries) > 0 {
		p.goside.collect()
	}
}
