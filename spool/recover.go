// SPDX-License-Identifier: Apache-2.0

package spool

import "fmt"

// recover finds out what is on disk. Only the last segment is read as a whole: its end may be
// torn, which is cut off. Damage elsewhere is met, and skipped, by the readers.
func (s *Spool) recover() (*cursorLog, error) {
	c, damaged, err := openCursors(s.fs, s.opts.Path)
	if err != nil {
		return nil, fmt.Errorf("cursors: %w", err)
	}
	s.damage("cursors", damaged)
	if s.segments, err = segmentsOf(s.fs, s.opts.Path); err != nil {
		return nil, err
	}
	s.next = 1
	for name, seq := range c.written {
		s.cursors[name] = seq
		s.next = max(s.next, seq)
	}
	if n := len(s.segments); n > 0 {
		last := s.segments[n-1]
		s.next = max(s.next, last.first)
		end, damaged, err := last.scan(s.fs, func(seq uint64, _ []byte) { s.next = max(s.next, seq+1) })
		if err != nil {
			s.opts.Log.Warn(fmt.Sprintf("spool: %s cannot be read: %v", last.path, err))
		} else {
			s.cut(last, end, damaged)
		}
	}
	s.committed = s.next
	s.collect(c)
	return c, nil
}

// cut cuts off the torn end of a segment.
func (s *Spool) cut(g *segment, end, damaged int64) {
	if damaged > 0 {
		s.opts.Log.Warn(fmt.Sprintf("spool: %s: %d damaged bytes", g.path, damaged))
	}
	torn := g.size - end
	if torn <= 0 {
		return
	}
	s.damage(g.path, torn)
	g.size = end
	f, err := s.fs.Append(g.path)
	if err == nil {
		err = closing(f, f.Truncate(end))
	}
	if err != nil {
		s.opts.Log.Warn(fmt.Sprintf("spool: %s: cannot cut off its torn end: %v", g.path, err))
	}
}

// damage counts and logs bytes that were skipped.
func (s *Spool) damage(where string, n int64) {
	if n > 0 {
		s.counts.Damaged += n
		s.opts.Log.Warn(fmt.Sprintf("spool: %s: %d bytes that are not valid skipped", where, n))
	}
}
