// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Report is what is in a spool.
type Report struct {
	Segments []SegmentReport
	Outputs  []OutputReport // sorted by name
	// Damaged bytes of the file of the cursors.
	Damaged int64
}

// SegmentReport is what is in a segment.
type SegmentReport struct {
	Path        string
	First, Last uint64 // sequence numbers; Last is 0 without records
	Records     int
	Bytes       int64
	// Damaged bytes belong to no record, those of a torn end included.
	Damaged int64
}

// OutputReport is how far an output is.
type OutputReport struct {
	Name    string
	Waiting int // alerts that it still has to get
	// Oldest is the time of the event of the first of them, in nanoseconds since the Unix
	// epoch; 0 without one.
	Oldest uint64
}

// Inspect reads the spool in a folder and changes nothing. Another process may use the spool;
// what it writes meanwhile may look like a torn end.
func Inspect(dir string) (*Report, error) {
	rep := &Report{}
	cursors, damaged, err := readCursors(osFS{}, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	rep.Damaged = damaged
	for _, name := range slices.Sorted(maps.Keys(cursors)) {
		rep.Outputs = append(rep.Outputs, OutputReport{Name: name})
	}
	list, err := segmentsOf(osFS{}, dir)
	if err != nil {
		return nil, err
	}
	var d decoder
	var had uint64 // the last sequence number: records that were written again come twice
	for _, g := range list {
		s := SegmentReport{Path: g.path, First: g.first, Bytes: g.size}
		end, bad, err := g.scan(osFS{}, func(seq uint64, payload []byte) {
			s.Records++
			s.Last = seq
			if seq <= had {
				return
			}
			had = seq
			d.reset()
			a, _ := d.alert(payload)
			for i := range rep.Outputs {
				if o := &rep.Outputs[i]; seq >= cursors[o.Name] {
					if o.Waiting++; o.Oldest == 0 {
						o.Oldest = a.Time
					}
				}
			}
		})
		if err != nil {
			return nil, err
		}
		s.Damaged = bad + g.size - end
		rep.Segments = append(rep.Segments, s)
	}
	return rep, nil
}

// Repair writes the damaged segments of a spool anew, without what is not valid, and returns
// how many bytes that was. Nobody else may use the spool. Whole records are kept, so that it
// changes nothing about what outputs get: a spool need not be repaired to be used.
func Repair(dir string) (removed int64, err error) {
	if _, err := os.Stat(dir); err != nil {
		return 0, err
	}
	s := &Spool{opts: Options{Path: dir}}
	if err := s.takeLock(); err != nil {
		return 0, fmt.Errorf("spool %s: %w", dir, err)
	}
	defer func() { err = errors.Join(err, s.lock.Close()) }()
	c, damaged, err := openCursors(osFS{}, dir) // writes them anew
	if err != nil {
		return 0, err
	}
	if err := c.shut(); err != nil {
		return 0, err
	}
	list, err := segmentsOf(osFS{}, dir)
	if err != nil {
		return damaged, err
	}
	for _, g := range list {
		n, err := g.rewrite(osFS{}, dir)
		if err != nil {
			return damaged, err
		}
		damaged += n
	}
	return damaged, nil
}

// rewrite replaces a segment by its valid records, if it has anything else.
func (g *segment) rewrite(files FS, dir string) (removed int64, err error) {
	b := appendHeader(nil, g.first)
	end, bad, err := g.scan(files, func(seq uint64, payload []byte) {
		var start int
		b, start = beginRecord(b)
		b = append(b, payload...)
		endRecord(b, start, seq)
	})
	removed = bad + g.size - end
	if err != nil || removed == 0 {
		return 0, err
	}
	to := g.path + ".new"
	f, err := files.Create(to)
	if err != nil {
		return 0, err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = closing(f, err); err == nil {
		err = files.Rename(to, g.path)
	}
	if err == nil {
		err = files.SyncDir(filepath.Clean(dir))
	}
	return removed, err
}
