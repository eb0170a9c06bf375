// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"io"

	"github.com/klauspost/compress/gzip"
)

// output writes blocks to a file, compressed or not. After each write the file holds
// everything written so far: a compressed file then ends with a sync flush.
type output struct {
	dst    io.Writer
	gz     *gzip.Writer
	packed bool
	piece  []byte // compressed bytes, collected so that a write is one system call
	size   int64  // of the file so far
}

func (o *output) reset(dst io.Writer, packed bool) {
	o.dst, o.packed, o.size = dst, packed, 0
	switch {
	case !packed:
	case o.gz == nil:
		o.gz = gzip.NewWriter((*collector)(o))
	default:
		o.gz.Reset((*collector)(o))
	}
}

// collector collects the output of gzip.
type collector output

func (c *collector) Write(b []byte) (int, error) {
	c.piece = append(c.piece, b...)
	return len(b), nil
}

func (o *output) write(b []byte) error {
	if !o.packed {
		return o.send(b)
	}
	o.piece = o.piece[:0]
	if _, err := o.gz.Write(b); err != nil {
		return err
	}
	if err := o.gz.Flush(); err != nil {
		return err
	}
	return o.send(o.piece)
}

// end writes the trailer of a compressed file.
func (o *output) end() error {
	if !o.packed {
		return nil
	}
	o.piece = o.piece[:0]
	if err := o.gz.Close(); err != nil {
		return err
	}
	return o.send(o.piece)
}

func (o *output) send(b []byte) error {
	n, err := o.dst.Write(b)
	o.size += int64(n)
	return err
}
