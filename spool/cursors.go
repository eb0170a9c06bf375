// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"sync"
)

// cursorLog is the file that has the cursors: how far each output is. A cursor that moves is
// appended at once by its reader, which a crash of the process does not undo; the committer
// makes it durable, and writes the file anew when it has grown.
type cursorLog struct {
	mu      sync.Mutex
	fs      FS
	dir     string
	file    File
	size    int64
	written map[string]uint64 // what the file says
	dirty   bool              // something was appended since the last sync
}

const (
	cursorsName = "cursors"
	newCursors  = "cursors.new"
	// compactSize is the size at which the file is written anew.
	compactSize = 1 << 20
	// noCursor is what is appended for an output that was dropped.
	noCursor = ^uint64(0)
)

// openCursors reads the cursors. What is not valid is skipped; damaged counts its bytes.
func openCursors(files FS, dir string) (c *cursorLog, damaged int64, err error) {
	c = &cursorLog{fs: files, dir: dir}
	if c.written, damaged, err = readCursors(files, dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, err
	}
	// Written anew, so that nothing is ever appended behind a torn end.
	return c, damaged, c.compact()
}

// readCursors returns the cursors by name of the output.
func readCursors(files FS, dir string) (cursors map[string]uint64, damaged int64, err error) {
	cursors = map[string]uint64{}
	path := filepath.Join(dir, cursorsName)
	f, err := files.Open(path)
	if err != nil {
		return cursors, 0, err
	}
	defer f.Close()
	s := scanner{file: f}
	if s.limit, err = files.Size(path); err != nil {
		return cursors, 0, err
	}
	for {
		seq, payload, ok, err := s.next()
		if err != nil {
			return cursors, 0, err
		}
		if !ok {
			break
		}
		if seq == noCursor {
			delete(cursors, string(payload))
		} else {
			cursors[string(payload)] = seq
		}
	}
	return cursors, s.skipped + s.limit - s.offset, nil
}

// put appends a cursor that has moved on. What cannot be appended is left to the next move.
// It reports whether this is the first since the last sync.
func (c *cursorLog) put(name string, seq uint64) (first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if have, ok := c.written[name]; !ok || have >= seq || c.file == nil {
		return true
	}
	if err := c.append(appendCursor(nil, name, seq)); err != nil {
		return true
	}
	c.written[name] = seq
	first = !c.dirty
	c.dirty = true
	return first
}

// append appends to the file. After an error the next move begins a new one, as the end may
// be torn.
func (c *cursorLog) append(b []byte) error {
	n, err := c.file.Write(b)
	c.size += int64(n)
	if err != nil {
		return errors.Join(err, c.close())
	}
	return nil
}

// move appends cursors that differ from what the file says. It reports whether one of them
// is new.
func (c *cursorLog) move(to map[string]uint64) (fresh bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moveLocked(to)
}

func (c *cursorLog) moveLocked(to map[string]uint64) (fresh bool, err error) {
	var b []byte
	for name, seq := range to {
		have, ok := c.written[name]
		if ok && have > seq {
			to[name] = have // put has come in between
		} else if !ok || have != seq {
			b = appendCursor(b, name, seq)
		}
		fresh = fresh || !ok
	}
	for name := range c.written {
		if _, ok := to[name]; !ok {
			b = appendCursor(b, name, noCursor)
		}
	}
	if c.file == nil || c.size+int64(len(b)) > compactSize {
		c.written = maps.Clone(to)
		return fresh, c.compact()
	}
	if len(b) == 0 {
		return false, nil
	}
	if err := c.append(b); err != nil {
		return fresh, err
	}
	c.written, c.dirty = maps.Clone(to), true
	return fresh, nil
}

// store makes cursors durable.
func (c *cursorLog) store(to map[string]uint64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.moveLocked(to); err != nil {
		return err
	}
	return c.syncLocked()
}

// unsynced reports whether something was appended that is not durable yet.
func (c *cursorLog) unsynced() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dirty
}

func appendCursor(b []byte, name string, seq uint64) []byte {
	b, start := beginRecord(b)
	b = append(b, name...)
	endRecord(b[start:], 0, seq)
	return b
}

// sync makes what was appended durable.
func (c *cursorLog) sync() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.syncLocked()
}

func (c *cursorLog) syncLocked() error {
	if !c.dirty || c.file == nil {
		return nil
	}
	if err := c.file.Sync(); err != nil {
		return errors.Join(err, c.close())
	}
	c.dirty = false
	return nil
}

// compact writes the file anew and makes it durable.
func (c *cursorLog) compact() error {
	if err := c.close(); err != nil {
		return err
	}
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(c.written)) {
		b = appendCursor(b, name, c.written[name])
	}
	to := filepath.Join(c.dir, newCursors)
	f, err := c.fs.Create(to)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = c.fs.Rename(to, filepath.Join(c.dir, cursorsName))
	}
	if err == nil {
		err = c.fs.SyncDir(c.dir)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	c.file, c.size, c.dirty = f, int64(len(b)), false
	return nil
}

// shut ends the use of the file.
func (c *cursorLog) shut() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.close()
}

func (c *cursorLog) close() error {
	if c.file == nil {
		return nil
	}
	err := c.file.Close()
	c.file = nil
	return err
}
