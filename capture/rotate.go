// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Rotation configures when a writer starts a new file. The zero value means never.
type Rotation struct {
	// Size is the maximum size in bytes of a file with more than one event. A compressed
	// file may exceed it by one flush. 0 means no limit.
	Size int64
	// Every is the maximum age of a file; 0 means no limit. The first event after that time
	// starts a new file.
	Every time.Duration
	// Name returns the path of file n, starting at 0. nil means the path given to Create for
	// the first file, and the same path with _00001 and so on before the extension for the
	// others.
	Name func(n int) string
	// Ended is called with the path of each completed file. It must not call the writer. May
	// be nil.
	Ended func(path string)
}

// rotating is a file that the writer opened itself.
type rotating struct {
	limited bool
	path    string
	n       int
	f       *os.File
	begun   time.Time
	empty   bool // no event has been written to it
}

// Create creates a capture file with mode 0600, or truncates an existing one. The writer
// closes it.
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

// Path returns the path of the current file, "" for a writer made by [NewWriter].
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

// open starts the next file.
func (w *Writer) open() error {
	path := w.o.Rotate.Name(w.file.n)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	w.file.f, w.file.path, w.file.begun, w.file.empty = f, path, time.Now(), true
	w.file.n++
	return w.begin(f)
}

// rotate starts a new file if the current one is too old, or too full for an event of size
// bytes.
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

// waiting returns by how much the buffered bytes and an event of size bytes extend the file.
// For a compressed file this is unknown.
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
