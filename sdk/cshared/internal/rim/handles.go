// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"sync"
	"unsafe"
)

// handles maps pointers held by the host to short-lived values. A pointer refers to C memory with
// the index of the value; both are reused.
type handles[T any] struct {
	mu    sync.RWMutex
	slots []slot[T]
	free  []int
}

type slot[T any] struct {
	x    T
	cell unsafe.Pointer
}

func (h *handles[T]) add(x T) unsafe.Pointer {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := len(h.free); n > 0 {
		s := &h.slots[h.free[n-1]]
		h.free = h.free[:n-1]
		s.x = x
		return s.cell
	}
	c := cell(len(h.slots))
	h.slots = append(h.slots, slot[T]{x, c})
	return c
}

// get returns the value passed to add; the zero value for NULL.
func (h *handles[T]) get(p unsafe.Pointer) (x T) {
	if p == nil {
		return x
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.slots[*(*uint64)(p)].x
}

func (h *handles[T]) drop(p unsafe.Pointer) {
	if p == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	i := int(*(*uint64)(p))
	var none T
	h.slots[i].x = none
	h.free = append(h.free, i)
}
