// SPDX-License-Identifier: Apache-2.0

package pipeline

import "testing"

func TestAlertBytes(t *testing.T) {
	var a alertBytes
	first := append(a.get(100), "text"...)
	if cap(first) < 100 {
		t.Fatalf("room for %d bytes, want 100", cap(first))
	}
	second := append(a.get(100), "other"...)
	if &first[0] == &second[0] || string(first) != "text" {
		t.Fatal("bytes in use were given away")
	}
	a.put(first)
	if again := a.get(50); len(again) != 0 || &again[:1][0] != &first[0] {
		t.Errorf("%d bytes, and not those that were put back", len(again))
	}
	a.put(first)
	if more := a.get(2 * cap(first)); cap(more) < 2*cap(first) {
		t.Errorf("room for %d bytes, want %d", cap(more), 2*cap(first))
	}
	if len(a.spare) != 0 {
		t.Error("a slice that is too small was kept, in front of those that are not")
	}
	a.put(make([]byte, maxSpareSize+1))
	if len(a.spare) != 0 {
		t.Error("a slice that is too large was kept")
	}
	for range maxSpare + 5 {
		a.put(make([]byte, 10))
	}
	if len(a.spare) != maxSpare {
		t.Errorf("%d slices are kept, want %d", len(a.spare), maxSpare)
	}
}
