// SPDX-License-Identifier: Apache-2.0

package cmem_test

import (
	"testing"
	"unsafe"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/cmem"
)

// What is given back to an arena is handed out again, and only that.
func TestGiveBack(t *testing.T) {
	a := event.NewArena(cmem.Alloc, cmem.Free)
	defer a.Free()
	at := func(b []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(b))) }
	first := a.Bytes(1000)
	a.GiveBack(first, 10)
	second := a.Bytes(1000)
	if at(second) != at(first)+10 {
		t.Errorf("the next piece starts %d bytes behind the first, want 10", at(second)-at(first))
	}
	a.GiveBack(first, 0) // no longer the last piece
	if third := a.Bytes(8); at(third) != at(second)+1000 {
		t.Errorf("the third piece starts %d bytes behind the second, want 1000", at(third)-at(second))
	}
	large := a.Bytes(1 << 20)
	a.GiveBack(large, 0)
	if fourth := a.Bytes(8); at(fourth) != at(second)+1008 {
		t.Error("a large piece went into a chunk")
	}
	whole := a.Bytes(100)
	a.GiveBack(whole, 100)
	a.GiveBack(whole, 0) // twice
	if next := a.Bytes(1); at(next) != at(whole)+100 {
		t.Error("a piece was given back twice")
	}
}
