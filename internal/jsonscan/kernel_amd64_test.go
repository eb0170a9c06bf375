// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"slices"
	"testing"
)

// FuzzKernels compares what the kernels of this processor make of the same blocks, which
// come behind any state.
func FuzzKernels(f *testing.F) {
	if !has512 {
		f.Skip("this processor has one kernel")
	}
	f.Add([]byte(`{"eventTime":"x","a":[{},"\"{",{"eventType":"\\"}]}`), byte(0))
	f.Add([]byte(`\\\\"\"\\"{}[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[`), byte(3))
	f.Fuzz(func(t *testing.T, text []byte, start byte) {
		n := len(text)/blockSize + 1
		data := make([]byte, n*blockSize+lookahead)
		copy(data, text)
		marks := [2]byte{'e', 'T'}
		if start&4 != 0 {
			marks = [2]byte{} // nobody asks for marks
		}
		before := state{escaped: uint64(start & 1), inside: -uint64(start >> 1 & 1)}
		a, b := before, before
		x, y := Index{blocks: make([]block, n)}, Index{blocks: make([]block, n)}
		classify256(&data[0], n, &x.blocks[0], &a, &marks)
		classify512(&data[0], n, &y.blocks[0], &b, &marks)
		for i := range x.blocks {
			if start&4 != 0 {
				x.blocks[i].marked = y.blocks[i].marked
			}
		}
		if !slices.Equal(x.blocks, y.blocks) || a.escaped != b.escaped || a.inside != b.inside || a.seen() != b.seen() {
			t.Fatalf("%q: got %+v, %+v, want %+v, %+v", data, y.blocks, b, x.blocks, a)
		}
		want, got := make([]uint32, len(data)+blockSize), make([]uint32, len(data)+blockSize)
		m := x.list(want)
		if k := list512(&x.blocks[0], n, &got[0]); !slices.Equal(got[:k], want[:m]) {
			t.Fatalf("%q: got %v, want %v", data, got[:k], want[:m])
		}
	})
}

// The tests of the scan hold with every kernel that this processor has, and with none.
func TestEveryKernel(t *testing.T) {
	defer func(a, b bool) { hasKernel, has512 = a, b }(hasKernel, has512)
	for _, has512 = range []bool{has512, false} {
		t.Run("oracle", TestRecordAgainstOracle)
		data := record(t)
		want, s := naive(data, [2]byte{'e', 'T'})
		var x Index
		if hasKernel && (!x.Fill(data, [2]byte{'e', 'T'}) || x.state.seen() != s || !slices.Equal(x.blocks, want)) {
			t.Errorf("with registers of 64 bytes %v: got %v, want %v", has512, x.blocks, want)
		}
	}
	hasKernel = false
	t.Run("oracle", TestRecordAgainstOracle)
}
