// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// segment is a file of records.
type segment struct {
	first uint64 // sequence number of its first record
	path  string
	size  int64 // up to which readers may read; under the spool's lock
}

const segmentExt = ".seg"

func segmentPath(dir string, first uint64) string {
	return filepath.Join(dir, fmt.Sprintf("%016x%s", first, segmentExt))
}

// segmentsOf returns the segments in a folder, in order, with the sizes of their files. None
// is opened.
func segmentsOf(files FS, dir string) ([]*segment, error) {
	names, err := files.List(dir)
	if err != nil {
		return nil, err
	}
	var list []*segment
	for _, n := range names {
		hex, ok := strings.CutSuffix(n, segmentExt)
		first, err := strconv.ParseUint(hex, 16, 64)
		if !ok || err != nil || len(hex) != 16 {
			continue
		}
		g := &segment{first: first, path: filepath.Join(dir, n)}
		if g.size, err = files.Size(g.path); err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *segment) int { return cmp.Compare(a.first, b.first) })
	return list, nil
}

// closing closes a file; err is what happened before.
func closing(f File, err error) error {
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// segmentSize is the size at which a segment ends: a segment is deleted as a whole, so that
// there should be several.
func (o *Options) segmentSize() int64 { return min(max(o.MaxSize/8, 64<<10), 64<<20) }

// scan reads all records of a segment.
func (g *segment) scan(files FS, each func(seq uint64, payload []byte)) (end, damaged int64, err error) {
	f, err := files.Open(g.path)
	if err != nil {
		return 0, 0, err
	}
	s := newScanner(f, g.size)
	for {
		seq, payload, ok, err := s.next()
		if !ok || err != nil {
			return s.offset, s.skipped, closing(f, err)
		}
		each(seq, payload)
	}
}

// newScanner returns a scanner over the records of a segment up to limit. Without a valid
// header it begins at the first byte, as any record may follow.
func newScanner(f File, limit int64) *scanner {
	s := &scanner{file: f, limit: limit}
	head := make([]byte, segmentTop)
	if n, _ := f.ReadAt(head, 0); n == segmentTop {
		if _, ok := readHeader(head); ok {
			s.seek(segmentTop)
		}
	}
	return s
}
