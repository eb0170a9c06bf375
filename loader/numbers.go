// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include <stdint.h>
*/
import "C"

import (
	"sync"
	"sync/atomic"
)

// states are the states by number. Libraries are C code that knows nothing of Go's memory:
// what they hand back in callbacks leads to the number.
var (
	states     sync.Map // uintptr to *plugin
	lastNumber atomic.Uintptr
)

// number gives a state a number, which is never used again.
func number(p *plugin) uintptr {
	n := lastNumber.Add(1)
	states.Store(n, p)
	return n
}

func forget(n uintptr) { states.Delete(n) }

// numbered returns the state of a number, nil if it is gone.
func numbered(n C.uintptr_t) *plugin {
	v, ok := states.Load(uintptr(n))
	if !ok {
		return nil
	}
	return v.(*plugin)
}
