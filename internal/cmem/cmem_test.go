// SPDX-License-Identifier: Apache-2.0

package cmem_test

import (
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/cmem"
)

func TestEveryByteIsAccountedFor(t *testing.T) {
	before := cmem.Live()
	a, s, z, none := cmem.Alloc(1000), cmem.CString("text"), cmem.Zeroed(16), cmem.Alloc(0)
	if got := cmem.Live() - before; got != 1000+5+16 {
		t.Errorf("live bytes = %d, want %d", got, 1000+5+16)
	}
	if string(s) != "text\x00" || string(z) != string(make([]byte, 16)) {
		t.Errorf("CString = %q, Zeroed = %v", s, z)
	}
	for i := range a {
		a[i] = byte(i)
	}
	for _, b := range [][]byte{a[:1], s, z, none} {
		cmem.Free(b)
	}
	if got := cmem.Live() - before; got != 0 {
		t.Errorf("%d bytes leaked", got)
	}
}

func TestArenaGivesEverythingBack(t *testing.T) {
	before := cmem.Live()
	a := event.NewArena(cmem.Alloc, cmem.Free)
	for range 3 {
		for n := 1; n < 1<<20; n *= 3 {
			b := a.Bytes(n)
			b[0], b[n-1] = 1, 2
		}
		a.Reset()
	}
	a.Free()
	if got := cmem.Live() - before; got != 0 {
		t.Errorf("%d bytes leaked", got)
	}
}
