// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"errors"
	"fmt"
	"maps"
	"time"
)

// committer is the goroutine that writes, fsyncs and deletes.
type committer struct {
	s *Spool

	file File     // the segment that is written; nil if there is none
	seg  *segment // of file
	size int64    // what was written to file
	good int64    // of it, what is fsynced

	// Since the last good fsync: the records, and how much of them file has.
	since   []byte
	first   uint64 // sequence number of the first of them
	next    uint64 // sequence number behind the last
	written int
	spare   []byte // memory of an earlier batch, for another one

	misses          uint      // failures to store cursors, in a row
	synced, checked time.Time // last fsync of the segment and of the cursors
	pause           time.Duration
}

// commit runs until the spool is closed and everything is stored or given up.
func (s *Spool) commit() {
	defer close(s.ended)
	w := &committer{s: s, synced: time.Now(), checked: time.Now()}
	timer := time.NewTimer(time.Hour)
	for {
		wait, last := w.turn()
		if last {
			break
		}
		timer.Reset(wait)
		select {
		case <-s.work:
		case <-timer.C:
		}
	}
	timer.Stop()
	if err := w.end(); err != nil {
		s.opts.Log.Error("spool: " + err.Error())
	}
}

// turn stores what is pending and keeps house. It returns how long nothing has to be done.
func (w *committer) turn() (wait time.Duration, last bool) {
	s := w.s
	s.mu.Lock()
	b := s.pending
	s.taken += int64(len(b.bytes))
	s.pending = batch{bytes: w.spare}
	w.spare = nil
	closed := s.closed
	cursors := maps.Clone(s.cursors)
	s.mu.Unlock()
	w.moveCursors(cursors)
	switch {
	case b.n > 0:
		w.store(b)
	case w.since != nil && (closed || time.Since(w.synced) >= syncEvery):
		_ = w.settle() // it has logged what it gives up
		fallthrough
	default:
		w.spare = b.bytes
	}
	s.collect(s.log)
	if closed {
		return 0, b.n == 0
	}
	wait = time.Hour
	if len(w.since) > 0 {
		wait = syncEvery
	}
	if s.log.unsynced() {
		wait = min(wait, checkpointEvery)
	}
	return wait, false
}

// store writes a batch, again and again until it is stored or the spool is closed.
func (w *committer) store(b batch) {
	if len(w.since) == 0 {
		w.since, w.first = b.bytes, b.first
	} else {
		w.since = append(w.since, b.bytes...)
		w.spare = b.bytes[:0]
	}
	w.next = b.first + uint64(b.n)
	err := w.settle()
	if err != nil {
		err = ErrClosed
	}
	for _, done := range b.dones {
		done(err)
	}
}

// settle brings everything since the last good fsync to disk as far as the configuration
// wants. It returns an error only if it gives up because the spool is closed.
func (w *committer) settle() error {
	for {
		err := w.try()
		if err == nil {
			w.pause = 0
			w.publish()
			return nil
		}
		if closed := w.failed(err); closed {
			return err
		}
	}
}

// try writes, and fsyncs if it is time to.
func (w *committer) try() error {
	if w.file != nil && w.size >= w.s.opts.segmentSize() && w.written == 0 {
		if err := w.closeSegment(); err != nil {
			return err
		}
	}
	if w.file == nil {
		if err := w.openSegment(); err != nil {
			return err
		}
	}
	n, err := w.file.Write(w.since[w.written:])
	w.written += n
	w.size += int64(n)
	if err != nil {
		return err
	}
	if w.s.opts.Sync == Interval && time.Since(w.synced) < syncEvery && len(w.since) < maxPending && w.size < w.s.opts.segmentSize() {
		return nil
	}
	if err := w.file.Sync(); err != nil {
		return err
	}
	w.good, w.synced = w.size, time.Now()
	if cap(w.since) <= maxPending {
		w.spare = w.since[:0]
	}
	w.since, w.written = nil, 0
	return nil
}

// openSegment begins a segment, whose name is durable when it returns.
func (w *committer) openSegment() error {
	s := w.s
	path := segmentPath(s.opts.Path, w.first)
	f, err := s.fs.Create(path)
	if err != nil {
		return err
	}
	n, err := f.Write(appendHeader(nil, w.first))
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = s.fs.SyncDir(s.opts.Path)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	w.file, w.size, w.good, w.written = f, int64(n), int64(n), 0
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := len(s.segments); k > 0 && s.segments[k-1].first == w.first {
		s.segments = s.segments[:k-1] // a try that failed
	}
	w.seg = &segment{first: w.first, path: path, size: w.size}
	s.segments = append(s.segments, w.seg)
	return nil
}

// closeSegment ends a segment that is fsynced.
func (w *committer) closeSegment() error {
	f := w.file
	w.file, w.seg = nil, nil
	return f.Close()
}

// publish lets readers have what is stored.
func (w *committer) publish() {
	s := w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	w.seg.size, s.taken = w.size, 0
	s.committed = w.next
	for _, news := range s.readers {
		select {
		case news <- struct{}{}:
		default:
		}
	}
	s.room.Broadcast()
}

// failed is called after a write or fsync that failed: nothing since the last good fsync counts
// as stored. It gives the segment up and waits. closed reports that the spool is closed.
func (w *committer) failed(err error) (closed bool) {
	s := w.s
	s.mu.Lock()
	s.counts.Failures++
	s.committed = min(s.committed, w.first)
	if w.seg != nil {
		w.seg.size = min(w.seg.size, w.good)
	}
	s.taken = int64(len(w.since))
	closed = s.closed
	s.mu.Unlock()
	if w.pause == 0 {
		s.opts.Log.Error("spool: alerts cannot be stored, trying again: " + err.Error())
	}
	if w.file != nil {
		// The rest is written again elsewhere. If it cannot be cut off here, readers skip it.
		if err := errors.Join(w.file.Truncate(w.good), w.file.Close()); err != nil {
			s.opts.Log.Warn(fmt.Sprintf("spool: closing %s: %v", w.seg.path, err))
		}
		w.file, w.seg = nil, nil
	}
	w.written = 0
	if closed {
		return true
	}
	w.pause = min(max(2*w.pause, 10*time.Millisecond), time.Second)
	t := time.NewTimer(w.pause)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.closing:
	}
	return false
}

// moveCursors stores how far the outputs are. An error is not fatal: it means that alerts may
// be given again.
func (w *committer) moveCursors(to map[string]uint64) {
	// The cursor of an output that is new must be durable before any record.
	fresh, err := w.s.log.move(to)
	if err == nil && (fresh || time.Since(w.checked) >= checkpointEvery) {
		err = w.s.log.sync()
		w.checked = time.Now()
	}
	if err == nil {
		w.misses = 0
		return
	}
	if w.misses++; w.misses&(w.misses-1) == 0 {
		w.s.opts.Log.Error("spool: cursors cannot be stored, trying again: "+err.Error(), "failures", w.misses)
	}
}

// collect deletes the segments that no output needs. The cursors that allow it are made
// durable first.
func (s *Spool) collect(c *cursorLog) {
	s.mu.Lock()
	low := s.low()
	n := 0
	for n+1 < len(s.segments) && s.segments[n+1].first <= low {
		n++
	}
	dead := s.segments[:n]
	cursors := maps.Clone(s.cursors)
	s.mu.Unlock()
	if n == 0 {
		return
	}
	if err := c.store(cursors); err != nil {
		s.opts.Log.Error("spool: cursors: " + err.Error())
		return
	}
	for _, g := range dead {
		if err := s.fs.Remove(g.path); err != nil {
			s.opts.Log.Warn("spool: deleting a segment: " + err.Error())
		}
	}
	s.mu.Lock()
	s.segments = append([]*segment(nil), s.segments[n:]...)
	s.room.Broadcast()
	s.mu.Unlock()
}

// end closes the files.
func (w *committer) end() error {
	w.s.mu.Lock()
	cursors := maps.Clone(w.s.cursors)
	w.s.mu.Unlock()
	err := errors.Join(w.s.log.store(cursors), w.s.log.shut())
	if w.file != nil {
		err = errors.Join(err, w.file.Close())
	}
	return err
}
