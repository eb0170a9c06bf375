// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"errors"
	"io"
)

// errNoRoom says that MaxPending bytes are pending.
var errNoRoom = errors.New("too many bytes are pending")

// room is what a request has of the endpoint's MaxPending bytes.
type room struct {
	e     *Endpoint
	taken int64
}

// take takes n bytes more, before they are read.
func (r *room) take(n int64) error {
	for {
		now := r.e.pending.Load()
		if now+n > r.e.opts.MaxPending {
			return errNoRoom
		}
		if r.e.pending.CompareAndSwap(now, now+n) {
			r.taken += n
			return nil
		}
	}
}

// give gives n bytes back, leave all.
func (r *room) give(n int64) {
	r.e.pending.Add(-n)
	r.taken -= n
}

func (r *room) leave() { r.give(r.taken) }

// How much room a body gets at first, of unknown length and of a known one, as long as no more
// of it has come. It doubles.
const (
	firstRead  = 16 << 10
	firstKnown = 256 << 10
)

// readAll reads to the end. size is the length if it is known, else -1.
func (r *room) readAll(src io.Reader, size int64) ([]byte, error) {
	want := min(size, firstKnown)
	if want < 0 {
		want = firstRead
	}
	if err := r.take(want); err != nil {
		return nil, err
	}
	buf := make([]byte, 0, want)
	for {
		if len(buf) == cap(buf) {
			var one [1]byte // the end, as a rule
			n, err := src.Read(one[:])
			if n > 0 {
				more := int64(max(cap(buf), firstRead))
				if left := size - int64(cap(buf)); left > 0 {
					more = min(more, left)
				}
				if terr := r.take(more); terr != nil {
					return nil, terr
				}
				buf = append(append(make([]byte, 0, int64(cap(buf))+more), buf...), one[0])
			}
			if err == io.EOF {
				return buf, nil
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		n, err := src.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
