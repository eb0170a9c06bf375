// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// File appends lines to a file, or writes them into a FIFO or a device.
type File struct {
	path      string
	keepAlive bool
	buffered  bool
	create    func(path string) (diskFile, error)
	f         diskFile
	regular   bool
	last      os.FileInfo // of a regular file, after the last write; nil for unknown
	lines     lines
}

// diskFile is what File needs of an *os.File.
type diskFile interface {
	io.WriteCloser
	Stat() (os.FileInfo, error)
	SetWriteDeadline(time.Time) error
}

// NewFile returns a destination that appends to the file at path. It is opened at the
// first write and, unless keepAlive is set, closed after each.
//
// A file that ends in the middle of a line when it is opened gets a newline first. What a
// full disk leaves of a line is completed when there is room again.
func NewFile(path string, keepAlive, buffered bool) *File {
	return &File{path: path, keepAlive: keepAlive, buffered: buffered, create: openAppend}
}

const appendFlags = os.O_APPEND | os.O_CREATE | os.O_WRONLY | openFlags

func openAppend(path string) (diskFile, error) {
	f, err := os.OpenFile(path, appendFlags, 0o666)
	if err != nil {
		return nil, err // a nil *os.File is not a nil diskFile
	}
	return f, nil
}

// SetMode has new files created with these permissions, whatever the umask. It must be called
// before the first write.
func (o *File) SetMode(mode os.FileMode) {
	o.create = func(path string) (diskFile, error) {
		f, err := os.OpenFile(path, appendFlags|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			return openAppend(path)
		}
		if err != nil {
			return nil, err
		}
		return f, f.Chmod(mode)
	}
}

// Name implements [Destination].
func (o *File) Name() string { return "file" }

// Write implements [Destination].
func (o *File) Write(ctx context.Context, alerts []alert.Alert) (int, error) {
	if err := o.open(); err != nil {
		return 0, err
	}
	if err := o.mend(); err != nil {
		return 0, err
	}
	if !o.regular {
		defer interrupt(ctx, o.f)()
	}
	n, err := o.lines.write(alerts)
	switch {
	case err != nil && !o.regular:
		// whoever reads a FIFO next gets the line as a whole
		_ = o.Close()
		return n, err
	case err != nil:
		o.note()
		return n, err
	case o.keepAlive:
		return n, nil
	}
	o.note()
	if err := o.Close(); err != nil {
		return 0, err // what was written may not have arrived on the disk
	}
	return n, nil
}

// interrupt has writes to f fail once ctx is done, until the function it returns is called.
func interrupt(ctx context.Context, f diskFile) func() {
	stop := context.AfterFunc(ctx, func() { _ = f.SetWriteDeadline(time.Unix(1, 0)) })
	return func() { stop() }
}

func (o *File) open() error {
	if o.f != nil {
		return nil
	}
	f, err := o.create(o.path)
	if err != nil {
		return fmt.Errorf("failed to open output file %s: %w", o.path, err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return fmt.Errorf("failed to open output file %s: %w", o.path, err)
	}
	o.f, o.lines.w, o.regular = f, f, info.Mode().IsRegular()
	if o.lines.size = wholeWrite; o.regular || o.buffered {
		o.lines.size = largeWrite
	}
	if len(o.lines.rest) > 0 {
		o.lines.forget()
		o.last = nil
	}
	if err := o.endLine(info); err != nil {
		_ = o.Close()
		return err
	}
	return nil
}

// endLine ends a line that somebody left unfinished. A file that cannot be read stays as
// it is.
func (o *File) endLine(info os.FileInfo) error {
	if !o.regular || info.Size() == 0 || o.unchanged(info) {
		return nil
	}
	f, err := os.Open(o.path)
	if err != nil {
		return nil
	}
	defer f.Close()
	same, err := f.Stat()
	if err != nil || !os.SameFile(info, same) {
		return nil
	}
	last := make([]byte, 1)
	if _, err := f.ReadAt(last, info.Size()-1); err != nil || last[0] == '\n' {
		return nil
	}
	_, err = o.f.Write([]byte("\n"))
	return err
}

// note remembers what the file looks like, which shows later whether somebody else has
// written.
func (o *File) note() {
	o.last = nil
	if info, err := o.f.Stat(); err == nil && o.regular {
		o.last = info
	}
}

// unchanged reports whether the file is the one that note saw, and as long.
func (o *File) unchanged(info os.FileInfo) bool {
	return o.last != nil && os.SameFile(o.last, info) && o.last.Size() == info.Size()
}

// mend ends a torn line, and has the line written anew, if somebody else has written
// behind it.
func (o *File) mend() error {
	if len(o.lines.rest) == 0 || !o.regular {
		return nil
	}
	info, err := o.f.Stat()
	if err != nil || o.unchanged(info) {
		return err
	}
	if _, err := o.f.Write([]byte("\n")); err != nil {
		return err
	}
	o.lines.forget()
	return nil
}

// Reopen implements [Destination].
func (o *File) Reopen() error {
	if err := o.Close(); err != nil {
		return err
	}
	return o.open()
}

// Close implements [Destination]. A later write opens the file again.
func (o *File) Close() error {
	if o.f == nil {
		return nil
	}
	err := o.f.Close()
	o.f = nil
	return err
}
