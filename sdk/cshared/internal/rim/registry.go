// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

// registry maps pointers held by the host to values. A look-up takes no lock: the pointer refers
// to an index into a slice that is never changed, only replaced.
type registry[T any] struct {
	list atomic.Pointer[[]*T]
	mu   sync.Mutex
}

// add returns the pointer for x.
func (r *registry[T]) add(x *T) unsafe.Pointer {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []*T
	if old := r.list.Load(); old != nil {
		list = append(list, *old...)
	}
	i := 0
	for i < len(list) && list[i] != nil {
		i++
	}
	if i == len(list) {
		list = append(list, nil)
	}
	list[i] = x
	r.list.Store(&list)
	return cell(i)
}

// get returns the value passed to add; nil for NULL.
func (r *registry[T]) get(p unsafe.Pointer) *T {
	if p == nil {
		return nil
	}
	return (*r.list.Load())[*(*uint64)(p)]
}

// remove removes the value of p, frees p, and returns the value; nil for NULL.
func (r *registry[T]) remove(p unsafe.Pointer) *T {
	if p == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	i := *(*uint64)(p)
	list := append([]*T(nil), *r.list.Load()...)
	x := list[i]
	list[i] = nil
	r.list.Store(&list)
	freeCell(p)
	return x
}
