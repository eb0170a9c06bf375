// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"fmt"

	"github.com/gyr-dev/gyr/alert"
)

// batch is what was appended and is not stored yet.
type batch struct {
	bytes []byte // records
	first uint64 // sequence number of the first one
	n     int    // records
	dones []func(error)
}

// Append stores alerts. It returns when they are taken, which can take as long as it takes
// outputs to make room; the alerts belong to the caller again then. done is called once, by
// the committer: with nil when they are stored (see [Sync]), with [ErrClosed] if they never
// will be. Several goroutines may append.
func (s *Spool) Append(alerts []alert.Alert, done func(error)) {
	if len(alerts) == 0 {
		done(nil)
		return
	}
	need := int64(0)
	for i := range alerts {
		need += recordHead + int64(len(alerts[i].Line)) + 128
	}
	s.mu.Lock()
	room := s.hasRoom(need)
	for !room && !s.closed && !s.refusing {
		s.room.Wait()
		room = s.hasRoom(need)
	}
	if s.closed || !room {
		s.mu.Unlock()
		done(ErrClosed)
		return
	}
	p := &s.pending
	if p.n == 0 {
		p.first = s.next
	}
	for i := range alerts {
		var start int
		p.bytes, start = beginRecord(p.bytes)
		p.bytes = appendAlert(p.bytes, &alerts[i])
		if len(p.bytes)-start-recordHead > maxPayload {
			p.bytes = p.bytes[:start]
			s.drop("", 1, "an alert is larger than 64 MiB")
			continue
		}
		endRecord(p.bytes, start, s.next)
		s.next++
		p.n++
		s.counts.Appended++
	}
	p.dones = append(p.dones, done)
	s.mu.Unlock()
	s.wake()
}

// Refuse has every Append that finds no room give up at once, now and from now on: gyr ends,
// and outputs that could make room do not.
func (s *Spool) Refuse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusing = true
	s.room.Broadcast()
}

// hasRoom reports whether need bytes more may be appended. If not it does what leads to
// room, or waits for the readers. The caller holds the lock.
func (s *Spool) hasRoom(need int64) bool {
	if len(s.pending.bytes) >= maxPending {
		return false
	}
	if s.size()+need <= s.opts.MaxSize {
		s.full = false
		return true
	}
	if s.low() >= s.committed && s.pending.n == 0 {
		return true // nobody needs anything: waiting would bring nothing
	}
	s.makeRoom()
	return false
}

// low is the sequence number of the first record that any output still has to get. The
// caller holds the lock.
func (s *Spool) low() uint64 {
	low := s.committed
	for _, seq := range s.cursors {
		low = min(low, seq)
	}
	return low
}

// makeRoom gives up what the configuration allows to give up: first the alerts of outputs
// that are not configured any more. The caller holds the lock.
func (s *Spool) makeRoom() {
	defer s.wake() // the committer deletes what nobody needs
	upto := s.committed
	if len(s.segments) > 1 {
		upto = s.segments[1].first
	}
	for name, seq := range s.cursors {
		if s.readers[name] == nil && seq < upto {
			delete(s.cursors, name)
			s.drop(name, s.committed-seq, "the spool is full and the output is not configured any more")
		}
	}
	if s.low() >= upto {
		return
	}
	if s.opts.WhenFull == Wait {
		if !s.full {
			s.full = true
			s.opts.Log.Warn(fmt.Sprintf("spool: max_size of %d bytes reached: event sources wait for the outputs", s.opts.MaxSize))
		}
		return
	}
	for name, seq := range s.cursors {
		if seq < upto {
			s.cursors[name] = upto
			s.drop(name, upto-seq, "the spool is full")
		}
	}
}

// drop counts alerts that an output does not get, or no output if name is empty. The log gets
// the first and every doubling. The caller holds the lock.
func (s *Spool) drop(name string, n uint64, why string) {
	before := s.counts.Dropped[name]
	after := before + n
	s.counts.Dropped[name] = after
	if after&^before > before {
		s.opts.Log.Error("spool: alerts dropped: "+why, "output", name, "dropped", after)
	}
}
