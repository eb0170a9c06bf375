// SPDX-License-Identifier: Apache-2.0

package output

import (
	"fmt"
	"os"

	"github.com/gyr-dev/gyr/alert"
)

// File appends lines to a file.
type File struct {
	path      string
	keepAlive bool
	f         *os.File
	lines     lines
}

// NewFile returns a destination that appends to the file at path. It is opened at the
// first write and, unless keepAlive is set, closed after every batch of alerts.
func NewFile(path string, keepAlive, buffered bool) *File {
	return &File{path: path, keepAlive: keepAlive, lines: lines{buffered: buffered || !keepAlive}}
}

// Name implements [Destination].
func (o *File) Name() string { return "file" }

// Write implements [Destination].
func (o *File) Write(alerts []alert.Alert) error {
	if err := o.open(); err != nil {
		return err
	}
	if err := o.lines.write(alerts); err != nil {
		return err
	}
	if !o.keepAlive {
		return o.Close()
	}
	return nil
}

func (o *File) open() error {
	if o.f != nil {
		return nil
	}
	f, err := os.OpenFile(o.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("failed to open output file %s: %w", o.path, err)
	}
	o.f, o.lines.w = f, f
	return nil
}

// Flush implements [Destination].
func (o *File) Flush() error { return o.lines.flush() }

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
	err := o.lines.flush()
	if cerr := o.f.Close(); err == nil {
		err = cerr
	}
	o.f = nil
	return err
}
