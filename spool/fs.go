// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// FS is what the spool needs of a file system. Tests have one that forgets what was not
// fsynced. Names are paths.
type FS interface {
	// Create opens a new, empty file for writing; a file of that name is replaced.
	Create(name string) (File, error)
	// Append opens a file for writing at its end; it is created if there is none.
	Append(name string) (File, error)
	// Open opens a file for reading.
	Open(name string) (File, error)
	Remove(name string) error
	Rename(from, to string) error
	// Size returns the size of a file in bytes, without opening it.
	Size(name string) (int64, error)
	// List returns the names of the files in a folder, without the folder.
	List(dir string) ([]string, error)
	// SyncDir makes the names of the files in a folder durable.
	SyncDir(dir string) error
}

// File is an open file.
type File interface {
	io.Writer
	io.ReaderAt
	io.Closer
	Sync() error
	Truncate(size int64) error
}

// osFS is the system's.
type osFS struct{}

func (osFS) open(name string, flag int) (File, error) {
	f, err := os.OpenFile(name, flag, 0o600)
	if err != nil {
		return nil, err // not a nil *os.File, which would be no nil File
	}
	return f, nil
}

func (osFS) Size(name string) (int64, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (o osFS) Create(name string) (File, error) {
	return o.open(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
}

func (o osFS) Append(name string) (File, error) {
	return o.open(name, os.O_RDWR|os.O_CREATE|os.O_APPEND)
}

func (o osFS) Open(name string) (File, error) { return o.open(name, os.O_RDONLY) }

func (osFS) Remove(name string) error { return os.Remove(name) }

func (osFS) Rename(from, to string) error { return os.Rename(from, to) }

func (osFS) List(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type() == fs.FileMode(0) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (osFS) SyncDir(dir string) error {
	d, err := os.Open(filepath.Clean(dir))
	if err != nil {
		return err
	}
	defer d.Close()
	return syncFolder(d)
}
