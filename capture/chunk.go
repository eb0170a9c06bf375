// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"sync"
	"sync/atomic"
)

const (
	// chunkSize is the usual amount of file that is in memory at once.
	chunkSize = 256 << 10
	// smallBlock is the largest block that is put into a chunk of the usual size.
	smallBlock = 64 << 10
	// growLimit is the largest block for which memory is taken before its bytes have
	// been seen. Above it memory is only reserved, and taken page by page.
	growLimit = 16 << 20
	// keepChunks is how many unused chunks are kept for their next use.
	keepChunks = 16
)

// chunk is a piece of the file that events are views of. The reader and every batch with
// events in it count as references; the last to let go returns it to the pool.
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

// chunkPool keeps chunks of the usual size. It is safe for concurrent use, since batches
// are released elsewhere than they are filled.
type chunkPool struct {
	mu   sync.Mutex
	idle []*chunk
}

// get returns a chunk for at least n bytes, with one reference.
func (p *chunkPool) get(n int) *chunk {
	if n > growLimit {
		if buf, free := reserve(n); buf != nil {
			c := &chunk{buf: buf, pool: p, free: free}
			c.refs.Store(1)
			return c
		}
	}
	size := chunkSize
	for n > size {
		size *= 2
	}
	if size == chunkSize {
		p.mu.Lock()
		if k := len(p.idle); k > 0 {
			c := p.idle[k-1]
			p.idle = p.idle[:k-1]
			p.mu.Unlock()
			c.refs.Store(1)
			return c
		}
		p.mu.Unlock()
	}
	c := &chunk{buf: make([]byte, size), pool: p}
	c.refs.Store(1)
	return c
}

func (p *chunkPool) put(c *chunk) {
	if c.free != nil {
		c.free()
		c.buf = nil
		return
	}
	if len(c.buf) != chunkSize {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) < keepChunks {
		p.idle = append(p.idle, c)
	}
}
