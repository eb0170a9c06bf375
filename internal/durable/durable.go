// SPDX-License-Identifier: Apache-2.0

// Package durable keeps small files, such as how far a source has read, through crashes of the
// process and of the machine, and for one process at a time.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrInUse means that another process, or another user of the file in this one, has the lock.
var ErrInUse = errors.New("is in use by another process")

// Lock is the right to write a file.
type Lock struct{ file *os.File }

// LockFile takes the lock of the file at path, which need not exist, without waiting. The lock
// is a file of its own, path + ".lock", which stays. It is free again after Unlock, and
// after the end of the process.
func LockFile(path string) (*Lock, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s %w", path, ErrInUse)
	}
	return &Lock{f}, nil
}

// Unlock gives the lock back. Further calls do nothing.
func (l *Lock) Unlock() error {
	if l.file == nil {
		return nil
	}
	f := l.file
	l.file = nil
	return f.Close()
}

// Read returns the content of a file; nil if there is none.
func Read(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// Write gives a file the content: whenever the machine stops, it is the old one or the new
// one. When Write returns it is the new one. Others cannot read a file that is new.
func Write(path string, data []byte) (err error) {
	temp := path + ".new"
	defer func() {
		if err != nil {
			os.Remove(temp)
		}
	}()
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}
