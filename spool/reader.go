// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/gyr-dev/gyr/alert"
)

// Reader gives the alerts to one output, in order. It is used by one goroutine.
type Reader struct {
	s    *Spool
	name string
	next uint64 // sequence number of the next record to read
	news chan struct{}

	seg  *segment // that is open
	file File
	scan *scanner

	alerts []alert.Alert
	seqs   []uint64 // of alerts
	mem    []byte   // of alerts
	decode decoder
}

// maxRead is how many bytes of alerts Next returns, besides the first one.
const maxRead = 1 << 20

// Reader returns the reader of an output. An output that is new to the spool gets what is
// appended from now on; one that was there before gets what it has not advanced past. Only
// one reader of a name may be open.
func (s *Spool) Reader(name string) (*Reader, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.readers[name] != nil {
		return nil, fmt.Errorf("spool: output %s is read already", name)
	}
	news := make(chan struct{}, 1)
	s.readers[name] = news
	if _, ok := s.cursors[name]; !ok {
		s.cursors[name] = s.next
		s.wake() // it is stored before what is appended from now on
	}
	return &Reader{s: s, name: name, next: s.cursors[name], news: news}, nil
}

// Next returns alerts as Poll does, and waits for some until ctx is done or the spool is
// closed; it returns none then.
func (r *Reader) Next(ctx context.Context, max int) ([]alert.Alert, error) {
	for {
		alerts, err := r.Poll(max)
		if len(alerts) > 0 || err != nil {
			return alerts, err
		}
		select {
		case <-r.news:
		case <-r.s.closing:
			return nil, nil
		case <-ctx.Done():
			return nil, nil
		}
	}
}

// Ready has a token when something was appended since the last Poll.
func (r *Reader) Ready() <-chan struct{} { return r.news }

// Wake leaves a token in Ready.
func (r *Reader) Wake() {
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// Poll returns alerts that follow those it returned before, at most max; none if there are
// no more, or the spool is closed. The alerts and their bytes are valid until the next call.
// An error is one of opening a file; the call can be repeated.
func (r *Reader) Poll(max int) ([]alert.Alert, error) {
	r.alerts, r.seqs, r.mem = r.alerts[:0], r.seqs[:0], r.mem[:0]
	r.decode.reset()
	for len(r.alerts) == 0 {
		g, upto, behind := r.locate()
		if g == nil {
			return nil, nil
		}
		if err := r.open(g); err != nil {
			return nil, err
		}
		r.scan.limit = upto.size
		if !r.read(upto.seq, max) && len(r.alerts) == 0 {
			r.skipTo(behind)
		}
	}
	return r.alerts, nil
}

// limit is up to where a segment may be read.
type limit struct {
	seq  uint64
	size int64
}

// locate returns the segment that has the next record and up to where it may be read, and
// the sequence number of the first record behind the segment; nil if there is no record.
func (r *Reader) locate() (g *segment, upto limit, behind uint64) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r.next = max(r.next, s.cursors[r.name]) // drop_oldest moves it
	if r.next >= s.committed || s.closed {
		return nil, limit{}, 0
	}
	behind = s.committed
	for i := len(s.segments) - 1; i >= 0; i-- {
		g = s.segments[i]
		if g.first <= r.next || i == 0 {
			break
		}
		behind = g.first
	}
	if g == nil {
		r.next = s.committed // everything was deleted by hand
		return nil, limit{}, 0
	}
	return g, limit{s.committed, g.size}, behind
}

// open has the scanner read a segment.
func (r *Reader) open(g *segment) error {
	if r.seg == g {
		return nil
	}
	r.close()
	f, err := r.s.fs.Open(g.path)
	if errors.Is(err, fs.ErrNotExist) {
		r.seg, r.scan = g, &scanner{} // it has no records
		return nil
	}
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	r.seg, r.file, r.scan = g, f, newScanner(f, 0)
	return nil
}

// read appends records up to the limit. It returns false if the segment has no more.
func (r *Reader) read(upto uint64, most int) (more bool) {
	before := r.scan.skipped
	defer func() { r.damaged(r.scan.skipped - before) }()
	for len(r.alerts) < most && len(r.mem) < maxRead {
		if r.file == nil {
			return false
		}
		seq, payload, ok, err := r.scan.next()
		if err != nil {
			r.s.opts.Log.Error(fmt.Sprintf("spool: reading %s: %v", r.seg.path, err))
			r.damaged(r.scan.limit - r.scan.offset)
			return false
		}
		if !ok {
			return false
		}
		if seq < r.next || seq >= upto {
			continue // had before, or written again elsewhere
		}
		r.add(seq, payload)
	}
	return true
}

// add keeps an alert. One that cannot be read counts as damage.
func (r *Reader) add(seq uint64, payload []byte) {
	r.skipTo(seq)
	r.next = seq + 1
	start := len(r.mem)
	r.mem = append(r.mem, payload...) // older alerts keep their memory if this moves
	a, err := r.decode.alert(r.mem[start:len(r.mem):len(r.mem)])
	if err != nil {
		r.damaged(int64(recordHead + len(payload)))
		r.next = seq
		r.skipTo(seq + 1)
		return
	}
	r.alerts, r.seqs = append(r.alerts, a), append(r.seqs, seq)
}

// skipTo goes on at a record behind others that are not there any more. They are lost.
func (r *Reader) skipTo(seq uint64) {
	if r.next >= seq {
		return
	}
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.s.counts.Lost[r.name] += seq - r.next
	r.next = seq
}

func (r *Reader) damaged(n int64) {
	if n <= 0 {
		return
	}
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.s.damage(r.seg.path, n)
}

// Advance says that the first n alerts that Next or Poll returned, and were not advanced past
// yet, are dealt with: they are not given again, unless the machine crashes within the next
// second.
func (r *Reader) Advance(n int) {
	if n == 0 {
		return
	}
	seq := r.seqs[n-1] + 1
	r.seqs = r.seqs[n:]
	s := r.s
	s.mu.Lock()
	if s.cursors[r.name] >= seq {
		s.mu.Unlock()
		return // drop_oldest was faster
	}
	s.cursors[r.name] = seq
	frees := len(s.segments) > 1 && seq >= s.segments[1].first
	if seq >= s.committed {
		s.room.Broadcast() // there may be nothing left to wait for
	}
	s.mu.Unlock()
	if first := s.log.put(r.name, seq); first || frees {
		s.wake()
	}
}

// Close ends the reader. The output's cursor stays where it is.
func (r *Reader) Close() {
	r.close()
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	delete(r.s.readers, r.name)
}

func (r *Reader) close() {
	if r.file != nil {
		if err := r.file.Close(); err != nil {
			r.s.opts.Log.Warn("spool: " + err.Error())
		}
	}
	r.seg, r.file, r.scan = nil, nil, nil
}

// Drop forgets the cursor of an output that nobody reads. It returns how many alerts it had
// not got, and false if there is no such cursor.
func (s *Spool) Drop(name string) (n uint64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seq, ok := s.cursors[name]
	if !ok || s.readers[name] != nil {
		return 0, false
	}
	delete(s.cursors, name)
	n = s.committed - min(seq, s.committed)
	if n > 0 {
		s.drop(name, n, "asked for")
	}
	s.wake()
	return n, true
}
