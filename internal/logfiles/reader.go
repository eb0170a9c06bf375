// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
)

// readAhead is about how many bytes of text are kept ready for the stream in all.
const readAhead = 32 << 20

// reader reads files in parallel and hands out their chunks in order.
//
// One goroutine takes files from the input and makes each a job. A job goes to the stream
// (order) and to the first worker that is free (work), which fills the job's channel of
// chunks and closes it. Both channels are bounded, so at most 2*workers+1 files are
// under way, each with as many chunks as fit its share of readAhead.
type reader struct {
	in    Input
	opts  *Options
	pool  chunkPool
	depth int // chunks per file

	order  chan *job
	work   chan *job
	err    error // of the input; set before order is closed
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// job is a file on its way.
type job struct {
	file   File
	chunks chan *chunk
	read   atomic.Int64 // bytes of the file read so far
	unread error        // why it could not be read; set before chunks is closed
	settlement
}

// newReader starts reading. stop ends it.
func newReader(in Input, opts *Options) *reader {
	workers := opts.Workers
	r := &reader{
		in: in, opts: opts,
		depth: max(2, readAhead/(2*workers*chunkSize)),
		order: make(chan *job, 2*workers-1),
		work:  make(chan *job),
	}
	r.pool.max = 2 * workers * (r.depth + 2)
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	r.wg.Go(func() { r.dispatch(ctx) })
	for range workers {
		r.wg.Go(func() {
			w := newFileReader(r)
			for j := range r.work {
				w.read(ctx, j)
				close(j.chunks)
			}
		})
	}
	return r
}

// stop ends all goroutines and waits for them. Chunks that were handed out stay valid.
func (r *reader) stop() {
	r.cancel()
	r.wg.Wait()
}

// dispatch makes jobs of the input's files until there are no more.
func (r *reader) dispatch(ctx context.Context) {
	defer close(r.work)
	defer close(r.order)
	for {
		f, err := r.in.Next(ctx)
		if err != nil {
			if err != io.EOF && ctx.Err() == nil {
				r.err = err
			}
			return
		}
		j := &job{file: f, chunks: make(chan *chunk, r.depth)}
		for _, to := range []chan *job{r.order, r.work} {
			select {
			case to <- j:
			case <-ctx.Done():
				return
			}
		}
	}
}
