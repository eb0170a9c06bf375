// SPDX-License-Identifier: Apache-2.0

package event

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// counted is an allocator that knows what is out, and fills what comes back so that a use
// of it shows.
type counted struct {
	t      *testing.T
	out    map[*byte]int // by chunk: its size
	allocs int
}

func (c *counted) arena() *Arena {
	c.out = map[*byte]int{}
	return NewArena(c.alloc, c.free)
}

func (c *counted) alloc(n int) []byte {
	b := make([]byte, n)
	c.out[unsafe.SliceData(b)] = n
	c.allocs++
	return b
}

func (c *counted) free(b []byte) {
	if c.out[unsafe.SliceData(b)] != len(b) {
		c.t.Errorf("%d bytes are given back that were not handed out so", len(b))
	}
	delete(c.out, unsafe.SliceData(b))
	for i := range b {
		b[i] = 0xEE
	}
}

// piece is memory of an arena and what the test wrote into it.
type piece struct {
	b    []byte
	want byte
}

// sizes are around those at which an arena does something else.
var sizes = []int{0, 1, 7, 100, 4000, arenaChunk/2 - 1, arenaChunk / 2, arenaChunk/2 + 1, arenaChunk, 2 * arenaChunk}

// No two pieces share a byte, whatever is asked for and given back, and nothing is lost.
func TestPiecesDoNotOverlap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := &counted{t: t}
	a := c.arena()
	for round := range 30 {
		var pieces []piece
		for i := range 40 {
			size := sizes[r.IntN(len(sizes))]
			if r.IntN(3) > 0 {
				size = r.IntN(3000)
			}
			p := piece{a.Bytes(size), byte(i)}
			if len(p.b) != size {
				t.Fatalf("%d bytes, want %d", len(p.b), size)
			}
			if size <= arenaChunk/2 && cap(p.b) != size {
				t.Fatalf("a piece of %d bytes can grow into %d, which are of the next one", size, cap(p.b))
			}
			for j := range p.b {
				p.b[j] = p.want
			}
			if r.IntN(3) == 0 {
				used := r.IntN(size + 1)
				a.GiveBack(p.b, used)
				p.b = p.b[:used:used]
			}
			if r.IntN(5) == 0 && len(pieces) > 0 {
				old := pieces[r.IntN(len(pieces))]
				a.GiveBack(a.Bytes(0), 0)
				a.Bytes(1)[0] = 0xFF
				a.GiveBack(old.b, 0) // not the last one: stays
			}
			pieces = append(pieces, p)
		}
		for i, p := range pieces {
			if n := bytes.Count(p.b, []byte{p.want}); n != len(p.b) {
				t.Fatalf("round %d: piece %d of %d bytes was written to by others", round, i, len(p.b))
			}
		}
		a.Reset()
		for _, size := range c.out {
			if size != arenaChunk {
				t.Fatalf("a chunk of %d bytes is kept", size)
			}
		}
	}
	a.Free()
	if len(c.out) > 0 {
		t.Errorf("%d chunks were not given back", len(c.out))
	}
	if got := a.Copy([]byte("again")); string(got) != "again" {
		t.Errorf("after Free: %q", got)
	}
}

// What is given back is handed out again, so that a guess that is too large costs nothing.
func TestGiveBack(t *testing.T) {
	a := NewArena(nil, nil)
	first := a.Bytes(100)
	a.GiveBack(first, 30)
	second := a.Bytes(10)
	if &second[0] != unsafe.SliceData(first[30:]) {
		t.Error("the next piece does not begin behind the used part")
	}
	a.GiveBack(first, 0) // second is the last one
	a.GiveBack(second, 4)
	a.GiveBack(second, 0) // it was given back already, and may be somebody else's
	second = second[:4]
	third := a.Bytes(10)
	clear(first[:30])
	copy(second, "second")
	copy(third, "third.....")
	if string(second) != "seco" || first[29] != 0 {
		t.Error("memory in use was handed out")
	}
	large := a.Bytes(arenaChunk)
	a.GiveBack(large, 1) // does nothing: the chunk is the piece's own
	if next := a.Bytes(1); unsafe.SliceData(next) == unsafe.SliceData(large[1:]) {
		t.Error("a large piece was cut")
	}
}

func TestArenaCopies(t *testing.T) {
	a := NewArena(nil, nil)
	text := []byte("text")
	c, s := a.Copy(text), a.CopyString(text)
	copy(text, "....")
	if string(c) != "text" || s != "text" || a.CopyString(nil) != "" || len(a.Copy(nil)) != 0 {
		t.Errorf("copies %q and %q", c, s)
	}
}

func TestValuesAreAbsent(t *testing.T) {
	a := NewArena(nil, nil)
	for range 3 {
		for _, n := range []int{0, 1, valueChunk - 1, 2, valueChunk, valueChunk + 1} {
			v := a.Values(n)
			if len(v) != n || cap(v) != n {
				t.Fatalf("%d values with room for %d, want %d", len(v), cap(v), n)
			}
			for i := range v {
				if v[i].Present || v[i].List != nil || v[i].Str != "" || v[i].Num != 0 {
					t.Fatalf("value %d of %d is %+v before anybody set it", i, n, v[i])
				}
				v[i] = Value{Str: "x", Num: 7, List: []Value{{}}, Present: true}
			}
		}
		a.Reset()
	}
}

func TestArenaAllocatesNothingInTheSteadyState(t *testing.T) {
	c := &counted{t: t}
	a := c.arena()
	b := make([]byte, 1000)
	use := func() {
		for range 1000 {
			_ = a.CopyString(b)
			a.GiveBack(a.Bytes(5000), 10)
			_ = a.Values(3)
		}
		a.Reset()
	}
	use()
	chunks := c.allocs
	if n := testing.AllocsPerRun(20, use); n != 0 || c.allocs != chunks {
		t.Errorf("%v allocations and %d chunks more, want none", n, c.allocs-chunks)
	}
}
