// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
)

// isGzip reports whether data starts with the magic number of gzip.
func isGzip(data []byte) bool { return len(data) >= 2 && data[0] == 0x1F && data[1] == 0x8B }

// unzip decompresses a file if it is compressed. Its buffers are reused for the next file.
type unzip struct {
	packed bool
	file   io.Closer
	buf    *bufio.Reader
	bytes  bytes.Reader
	gz     *gzip.Reader
}

// open returns a reader of the uncompressed bytes of src.
func (u *unzip) open(src io.Reader) (io.Reader, error) {
	var head [2]byte
	n, err := io.ReadFull(src, head[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	all := io.MultiReader(bytes.NewReader(head[:n]), src)
	if !isGzip(head[:n]) {
		return &plainReader{head: head[:n], src: src}, nil
	}
	if u.buf == nil {
		u.buf = bufio.NewReaderSize(all, 64<<10)
	} else {
		u.buf.Reset(all)
	}
	return u.inflate(u.buf)
}

// openBytes is open for data with the magic number of gzip.
func (u *unzip) openBytes(data []byte) (io.Reader, error) {
	u.bytes.Reset(data)
	return u.inflate(&u.bytes)
}

func (u *unzip) inflate(src io.Reader) (io.Reader, error) {
	u.packed = true
	var err error
	if u.gz == nil {
		u.gz, err = gzip.NewReader(src)
	} else {
		err = u.gz.Reset(src)
	}
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF: // truncated in the header of the stream
		return failing{io.ErrUnexpectedEOF}, nil
	case err != nil:
		return nil, err
	}
	return (*unzipReader)(u), nil
}

func (u *unzip) close() error {
	if u.file == nil {
		return nil
	}
	f := u.file
	u.file = nil
	return f.Close()
}

// unzipReader reads all gzip streams of a file as one. Data after a stream that is not
// another gzip stream is ignored, as gzip does.
type unzipReader unzip

func (u *unzipReader) Read(p []byte) (int, error) {
	n, err := u.gz.Read(p)
	if err != nil && errors.Is(err, gzip.ErrHeader) {
		err = io.EOF
	}
	return n, err
}

// failing is a reader that returns err.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// plainReader returns the bytes read for detection again.
type plainReader struct {
	head []byte
	src  io.Reader
}

func (p *plainReader) Read(b []byte) (int, error) {
	if len(p.head) > 0 {
		n := copy(b, p.head)
		p.head = p.head[n:]
		return n, nil
	}
	return p.src.Read(b)
}

// Open opens a capture file and reads it up to its first event. It returns errors of the
// file system or a [FormatError]. The reader closes the file.
func Open(path string, o ReaderOptions) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r := &Reader{o: o}
	if st, err := f.Stat(); err == nil {
		r.read.size = st.Size()
	}
	r.read.src = f
	err = r.Reset(path, &r.read)
	r.unzip.file = f
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	return r, nil
}
