// SPDX-License-Identifier: Apache-2.0

package capture

import "io"

// input is a window over the uncompressed file: buf[pos:end] holds the bytes read from src
// and not yet consumed. If src is nil, buf is the entire file.
type input struct {
	src      io.Reader
	pool     chunkPool
	cur      *chunk
	buf      []byte
	pos, end int
	base     int64 // file offset of buf[0]
	err      error // why no bytes follow buf[:end]
}

// reset starts reading another file. It keeps the idle chunks.
func (in *input) reset(src io.Reader, data []byte) {
	in.drop()
	in.src, in.base, in.pos = src, 0, 0
	in.buf, in.end, in.err = data, len(data), nil
	if src == nil {
		in.err = io.EOF
	}
}

// drop releases the current chunk.
func (in *input) drop() {
	if in.cur != nil {
		in.cur.Release()
		in.cur = nil
	}
	in.buf, in.pos, in.end = nil, 0, 0
}

// offset returns the file offset of the next unconsumed byte.
func (in *input) offset() int64 { return in.base + int64(in.pos) }

// have returns the number of buffered bytes.
func (in *input) have() int { return in.end - in.pos }

// need reads until n bytes are buffered, and reports whether they are.
func (in *input) need(n int) bool {
	for idle := 0; in.have() < n; {
		if in.err != nil {
			return false
		}
		in.room(n)
		m, err := in.src.Read(in.buf[in.end:])
		in.end += m
		in.err = err
		if m > 0 {
			idle = 0
		} else if idle++; err == nil && idle > 100 {
			in.err = io.ErrNoProgress
		}
	}
	return true
}

// room ensures that n bytes fit into buf and that at least one more can be read.
func (in *input) room(n int) {
	if in.cur != nil && len(in.buf)-in.pos >= n && in.end < len(in.buf) {
		return
	}
	rest := in.have()
	if in.cur != nil && in.cur.refs.Load() == 1 && n <= len(in.buf) && rest < len(in.buf) {
		copy(in.buf, in.buf[in.pos:in.end]) // the chunk has no other references
	} else {
		if n <= smallBlock {
			n = chunkSize
		}
		c := in.pool.get(n)
		copy(c.buf, in.buf[in.pos:in.end])
		if in.cur != nil {
			in.cur.Release()
		}
		in.cur, in.buf = c, c.buf
	}
	in.base += int64(in.pos)
	in.pos, in.end = 0, rest
}

// skip discards n bytes without buffering all of them. It returns how many it skipped.
func (in *input) skip(n int64) int64 {
	left := n
	for left > 0 {
		if in.have() == 0 && !in.need(1) {
			break
		}
		k := min(left, int64(in.have()))
		in.pos += int(k)
		left -= k
	}
	return n - left
}
