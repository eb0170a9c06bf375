// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"io"

	"github.com/klauspost/compress/gzip"
)

// output brings blocks into one file, packed or not. After each write everything is in
// the file: a packed one then ends at a point from which the unpacker needs nothing more.
type output struct {
	dst    io.Writer
	gz     *gzip.Writer
	packed bool
	piece  []byte // packed bytes on their way, so that a write is one call of the system
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

// collector takes what the packer puts out.
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

// end writes what a packed file has after its last block.
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
