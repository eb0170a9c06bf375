// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"sync"
	"sync/atomic"

	"github.com/gyr-dev/gyr/internal/hugepage"
)

const (
	// chunkSize is so small that a chunk is still in the processor's cache when it is
	// split, and so large that few records lie across its end.
	chunkSize = 256 << 10
	// slabSize is how much memory for chunks is allocated at a time.
	slabSize = 8 * chunkSize
	// MaxChunk is the size in bytes that a buffer for [Splitter.Split] may grow to.
	MaxChunk = 16 << 20
	// smallText is the size up to which a file's text gets memory of its own, so that
	// many small files do not hold a chunk each.
	smallText = chunkSize / 8
)

// chunk is a piece of the text of a log file with the records in it. Events are views of
// the text; whoever keeps some holds a reference. It implements [event.Holder].
type chunk struct {
	text    []byte
	own     []byte // is text, unless that had to grow
	records []Span
	refs    atomic.Int32
	pool    *chunkPool // nil if the memory is the chunk's alone
}

// Release gives back a reference; with the last one, the chunk.
func (c *chunk) Release() {
	if c.refs.Add(-1) == 0 && c.pool != nil {
		c.pool.put(c)
	}
}

// chunkPool has the chunks that nobody uses. The last one put is the first one got, as it
// is most likely in the processor's cache.
type chunkPool struct {
	mu   sync.Mutex
	free []*chunk
	slab []byte // memory for further chunks
	max  int    // number of free chunks that are kept
}

// get returns a chunk with one reference. Its text has chunkSize bytes of any content.
func (p *chunkPool) get() *chunk {
	p.mu.Lock()
	defer p.mu.Unlock()
	var c *chunk
	if n := len(p.free); n > 0 {
		c, p.free = p.free[n-1], p.free[:n-1]
	} else {
		c = p.newChunk()
	}
	c.refs.Store(1)
	return c
}

// newChunk cuts a chunk off the slab.
func (p *chunkPool) newChunk() *chunk {
	if len(p.slab) == 0 {
		p.slab = hugepage.Bytes(slabSize)
	}
	text := p.slab[:chunkSize:chunkSize]
	p.slab = p.slab[chunkSize:]
	return &chunk{text: text, own: text, records: make([]Span, 0, chunkSize/512), pool: p}
}

func (p *chunkPool) put(c *chunk) {
	c.text, c.records = c.own, c.records[:0]
	p.mu.Lock()
	if len(p.free) < p.max {
		p.free = append(p.free, c)
	}
	p.mu.Unlock()
}

// grow doubles the text and keeps its content; it is false if that is not allowed.
func (c *chunk) grow() bool {
	if 2*len(c.text) > MaxChunk {
		return false
	}
	text := make([]byte, 2*len(c.text))
	copy(text, c.text)
	c.text = text
	return true
}

// fit makes room for more than n bytes. The content is lost.
func (c *chunk) fit(n int) {
	size := len(c.text)
	for size <= n {
		size *= 2
	}
	if size > len(c.text) {
		c.text = make([]byte, size)
	}
}

// small gives the text, of which the first n bytes count, memory of its own and the chunk
// back to its pool.
func (c *chunk) small(n int) *chunk {
	s := &chunk{text: append([]byte(nil), c.text[:n]...), records: append([]Span(nil), c.records...)}
	s.refs.Store(1)
	c.Release()
	return s
}
