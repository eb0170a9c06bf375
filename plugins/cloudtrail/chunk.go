// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"sync"
	"sync/atomic"

	"github.com/gyr-dev/gyr/internal/hugepage"
)

const (
	// MaxRecord is the size in bytes above which a record is dropped.
	MaxRecord = 256 << 10

	// chunkSize is so small that a chunk is still in the processor's cache when it is
	// split, and so large that few records lie across its end.
	chunkSize = 256 << 10
	// slabSize is how much memory for chunks is allocated at a time.
	slabSize = 8 * chunkSize
	// maxChunk is what a chunk may grow to for the sake of one value.
	maxChunk = 16 << 20
)

// chunk is a piece of the text of a log file with the records in it. Events are views of
// the text; whoever keeps some holds a reference. It implements [event.Holder].
type chunk struct {
	text    []byte
	own     []byte // is text, unless that had to grow
	records []span
	refs    atomic.Int32
	pool    *chunkPool
}

// Release gives back a reference; with the last one, the chunk.
func (c *chunk) Release() {
	if c.refs.Add(-1) == 0 {
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
	return &chunk{text: text, own: text, records: make([]span, 0, chunkSize/512), pool: p}
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
	if 2*len(c.text) > maxChunk {
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
