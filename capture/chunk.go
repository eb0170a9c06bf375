// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"slices"
	"sync"
	"sync/atomic"
)

const (
	// chunkSize is the usual amount of file data in memory.
	chunkSize = 256 << 10
	// smallBlock is the largest block that is read into a chunk of the usual size.
	smallBlock = 64 << 10
	// growLimit is the largest block for which memory is allocated before its bytes are
	// read. For larger blocks address space is reserved and committed page by page.
	growLimit = 16 << 20
	// keepBytes limits the idle memory kept for reuse.
	keepBytes = 24 << 20
)

// chunk is a part of the file that events are views of. The reader and every batch with
// events in it hold a reference; the last Release returns the chunk to the pool.
type chunk struct {
	buf  []byte
	refs atomic.Int32
	pool *chunkPool
	free func() // for reserved memory
}

// Release implements event.Holder.
func (c *chunk) Release() {
	if c.refs.Add(-1) == 0 {
		c.pool.put(c)
	}
}

// chunkPool keeps idle chunks. It is safe for concurrent use, since batches are filled and
// released in different goroutines.
type chunkPool struct {
	mu    sync.Mutex
	idle  []*chunk
	bytes int // of idle
}

// get returns a chunk of at least n bytes, with one reference.
func (p *chunkPool) get(n int) *chunk {
	size := chunkSize
	for n > size {
		size *= 2
	}
	c := p.take(size)
	if c == nil && n > growLimit {
		if buf, free := reserve(n); buf != nil {
			c = &chunk{buf: buf, pool: p, free: free}
		}
	}
	if c == nil {
		c = &chunk{buf: make([]byte, size), pool: p}
	}
	c.refs.Store(1)
	return c
}

// take returns the most recently used idle chunk of that size, if any.
func (p *chunkPool) take(size int) *chunk {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.idle) - 1; i >= 0; i-- {
		if c := p.idle[i]; len(c.buf) == size {
			p.idle = slices.Delete(p.idle, i, i+1)
			p.bytes -= size
			return c
		}
	}
	return nil
}

func (p *chunkPool) put(c *chunk) {
	if c.free != nil {
		c.free()
		c.buf = nil
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bytes+len(c.buf) <= keepBytes {
		p.idle = append(p.idle, c)
		p.bytes += len(c.buf)
	}
}
