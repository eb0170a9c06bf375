// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "failures.h"
*/
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/host"
)

// reportFailures counts what the plugin failed at in the last crossing.
func (p *plugin) reportFailures() {
	n := int(p.c.failures.len) / C.sizeof_gyr_failure
	if n == 0 {
		return
	}
	list := unsafe.Slice((*C.gyr_failure)(unsafe.Pointer(p.c.failures.ptr)), n)
	for i := range list {
		f := &list[i]
		kind, why := host.FailureKind(f.kind), errorText(&f.why[0]).Error()
		if f.field == C.GYR_NO_FIELD {
			p.mod.failures.Add(kind, uint64(f.count), why)
		} else {
			p.mod.failures.Add(kind, uint64(f.count), why, p.mod.info.Fields[f.field].Name)
		}
	}
}
