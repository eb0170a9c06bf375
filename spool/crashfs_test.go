// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"io"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
)

// crashFS is a file system in memory that forgets, when the machine crashes, what was not
// fsynced: contents without Sync, names without SyncDir.
type crashFS struct {
	mu      sync.Mutex
	names   map[string]*inode
	durable map[string]*inode // names as of the last SyncDir
	opened  int
	log     []string // of what matters for the order: sync, rename, remove, done

	fail func(op, name string) error // nil for no failure
}

type inode struct {
	data   []byte
	synced []byte
}

func newCrashFS() *crashFS {
	return &crashFS{names: map[string]*inode{}, durable: map[string]*inode{}}
}

// crash returns what is left after a crash. Of what was written behind the last Sync a random
// part is there, perhaps with a garbled end.
func (c *crashFS) crash(r *rand.Rand) *crashFS {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := newCrashFS()
	for name, i := range c.durable {
		kept := slices.Clone(i.synced)
		if r != nil && len(i.data) > len(kept) {
			kept = append(kept, i.data[len(kept):len(kept)+r.IntN(len(i.data)-len(kept)+1)]...)
			for range r.IntN(3) {
				if torn := len(kept) - len(i.synced); torn > 0 {
					kept[len(i.synced)+r.IntN(torn)] ^= 0x40
				}
			}
		}
		left := &inode{data: kept, synced: slices.Clone(kept)}
		n.names[name], n.durable[name] = left, left
	}
	return n
}

func (c *crashFS) note(what string) { c.log = append(c.log, what) }

func (c *crashFS) failing(op, name string) error {
	if c.fail == nil {
		return nil
	}
	return c.fail(op, filepath.Base(name))
}

func (c *crashFS) get(name string, create, empty bool) (File, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opened++
	if create {
		if err := c.failing("create", name); err != nil {
			return nil, err
		}
	}
	i := c.names[name]
	if i == nil {
		if !create {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		i = &inode{}
		c.names[name] = i
	}
	if empty {
		i.data = nil
	}
	return &crashFile{c, i, filepath.Base(name)}, nil
}

func (c *crashFS) Create(name string) (File, error) { return c.get(name, true, true) }
func (c *crashFS) Append(name string) (File, error) { return c.get(name, true, false) }
func (c *crashFS) Open(name string) (File, error)   { return c.get(name, false, false) }

func (c *crashFS) Remove(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.note("remove " + filepath.Base(name))
	delete(c.names, name)
	delete(c.durable, name) // the worst case: it is gone at once
	return nil
}

func (c *crashFS) Rename(from, to string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.note("rename " + filepath.Base(to))
	c.names[to] = c.names[from]
	delete(c.names, from)
	return nil
}

func (c *crashFS) Size(name string) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := c.names[name]
	if i == nil {
		return 0, fs.ErrNotExist
	}
	return int64(len(i.data)), nil
}

func (c *crashFS) List(dir string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []string
	for name := range c.names {
		if filepath.Dir(name) == filepath.Clean(dir) {
			list = append(list, filepath.Base(name))
		}
	}
	return list, nil
}

func (c *crashFS) SyncDir(dir string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.failing("syncdir", dir); err != nil {
		return err
	}
	for name, i := range c.names {
		if filepath.Dir(name) == filepath.Clean(dir) {
			c.durable[name] = i
		}
	}
	for name := range c.durable {
		if c.names[name] == nil {
			delete(c.durable, name)
		}
	}
	return nil
}

type crashFile struct {
	c    *crashFS
	i    *inode
	name string
}

func (f *crashFile) Write(p []byte) (int, error) {
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	if err := f.c.failing("write", f.name); err != nil {
		half := len(p) / 2 // a full disk takes a part
		f.i.data = append(f.i.data, p[:half]...)
		return half, err
	}
	f.i.data = append(f.i.data, p...)
	return len(p), nil
}

func (f *crashFile) ReadAt(p []byte, off int64) (int, error) {
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	if off >= int64(len(f.i.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.i.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *crashFile) Sync() error {
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	if err := f.c.failing("sync", f.name); err != nil {
		return err
	}
	f.c.note("sync " + f.name)
	f.i.synced = slices.Clone(f.i.data)
	return nil
}

func (f *crashFile) Truncate(size int64) error {
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	if err := f.c.failing("truncate", f.name); err != nil {
		return err
	}
	f.i.data = f.i.data[:size]
	return nil
}

func (f *crashFile) Close() error { return nil }
