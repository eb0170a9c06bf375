// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Rotation says when a writer begins a new file. The zero value is never.
type Rotation struct {
	// Size is the size in bytes that no file with more than one event exceeds (a packed
	// file by no more than one flush). 0 means any size.
	Size int64
	// Every is how long a file is written to. 0 means as long as the writer lives. The
	// next file begins with the first event after that time.
	Every time.Duration
	// Name gives the path of the n-th file, the first being 0. nil means the path given
	// to Create for the first, and for the others the same with _00001 and so on before
	// its ending.
	Name func(n int) string
	// Ended is called with the path of each file that is complete. May be nil. It must
	// not call the writer.
	Ended func(path string)
}

// rotating is the file that a writer opened itself.
type rotating struct {
	limited bool
	path    string
	n       int
	f       *os.File
	begun   time.Time
	empty   bool // no event was written to it
}

// Create creates a capture file, with mode 0600, and truncates it if it exists. The
// writer closes it.
func Create(path string, o WriterOptions) (*Writer, error) {
	w, err := newWriter(o)
	if err != nil {
		return nil, err
	}
	if w.o.Rotate.Name == nil {
		w.o.Rotate.Name = numbered(path)
	}
	w.file.limited = o.Rotate.Size > 0 || o.Rotate.Every > 0
	if err := w.open(); err != nil {
		w.timer.Stop()
		_ = w.file.close()
		return nil, w.fail(err)
	}
	return w, nil
}

// Path is the file that is being written, "" for a writer of [NewWriter].
func (w *Writer) Path() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.file.path
}

func numbered(path string) func(int) string {
	ext := filepath.Ext(path)
	stem := strings.TrimSuffix(path, ext)
	return func(n int) string {
		if n == 0 {
			return path
		}
		return fmt.Sprintf("%s_%05d%s", stem, n, ext)
	}
}

// open begins the next file.
func (w *Writer) open() error {
	path := w.o.Rotate.Name(w.file.n)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w.file.f, w.file.path, w.file.begun, w.file.empty = f, path, time.Now(), true
	w.file.n++
	return w.begin(f)
}

// rotate begins a new file if the current one is full or old, for an event of size bytes.
func (w *Writer) rotate(size int) error {
	r := &w.o.Rotate
	if w.file.empty {
		w.file.empty = false
		return nil
	}
	full := r.Size > 0 && w.out.size+w.waiting(size) > r.Size
	old := r.Every > 0 && time.Since(w.file.begun) >= r.Every
	if !full && !old {
		return nil
	}
	if err := w.flush(); err != nil {
		return err
	}
	path := w.file.path
	if err := w.endFile(); err != nil {
		return err
	}
	if r.Ended != nil {
		r.Ended(path)
	}
	if err := w.open(); err != nil {
		return err
	}
	w.file.empty = false
	return nil
}

// waiting is how much the file grows by what waits and an event of size bytes. Of a
// packed file that cannot be known.
func (w *Writer) waiting(size int) int64 {
	if w.o.Gzip {
		return 1
	}
	return int64(len(w.buf) + padded(8+cpuLen+size) + 4)
}

func (r *rotating) close() error {
	if r.f == nil {
		return nil
	}
	f := r.f
	r.f = nil
	return f.Close()
}
