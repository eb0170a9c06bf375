// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"sync"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// readAheadBatches is how many batches are read before the first is acknowledged.
const readAheadBatches = 256

// ackedSource is a stream whose files are told what became of them.
type ackedSource struct{ *source }

var (
	_ event.Acker      = (*ackedSource)(nil)
	_ event.Progresser = (*ackedSource)(nil)
)

// Ack implements [event.Acker].
func (s *ackedSource) Ack(token any, err error) { s.acks.done(token.(*batchFiles), err) }

// ReadAhead implements [event.Acker].
func (s *ackedSource) ReadAhead() int { return readAheadBatches }

// settlement is what is known of a file's events. The mutex of acks guards it.
type settlement struct {
	batches     int  // with events of the file, that are not acknowledged
	ended       bool // the stream has seen the end of the file
	undelivered error
}

// batchFiles is the token of a batch: the files that it has events of, and if duplicates are
// left out, what identifies its events.
type batchFiles struct {
	jobs []*job
	ids  []ID
}

// acks knows which batches have events of which files. A file is settled when its end was
// seen and all its batches are acknowledged.
type acks struct {
	mu    sync.Mutex
	dedup *Dedup // nil to leave nothing out
	begun bool   // there was an event; for the goroutine of Next
}

// tokenOf returns the token of a batch, a new one if it has none.
func tokenOf(b *event.Batch) *batchFiles {
	t, ok := b.Token.(*batchFiles)
	if !ok {
		t = &batchFiles{}
		b.Token = t
	}
	return t
}

// wants reports whether a record is to be an event of b, and notes what identifies it.
func (a *acks) wants(b *event.Batch, record []byte) bool {
	if a.dedup == nil {
		return true
	}
	id, ok := a.dedup.Identify(record)
	if !ok {
		return true
	}
	if a.dedup.isKnown(id, time.Now()) {
		return false
	}
	t := tokenOf(b)
	t.ids = append(t.ids, id)
	return true
}

// add notes that b has events of the job.
func (a *acks) add(b *event.Batch, j *job) {
	t := tokenOf(b)
	if n := len(t.jobs); n > 0 && t.jobs[n-1] == j {
		return
	}
	t.jobs = append(t.jobs, j)
	a.mu.Lock()
	j.batches++
	a.mu.Unlock()
}

// end notes that no further batch will have events of the job.
func (a *acks) end(j *job) {
	a.mu.Lock()
	j.ended = true
	settled := j.batches == 0
	a.mu.Unlock()
	if settled {
		j.settle()
	}
}

// done notes that a batch was acknowledged.
func (a *acks) done(t *batchFiles, err error) {
	if a.dedup != nil && err == nil {
		a.dedup.add(t.ids, time.Now())
	}
	for _, j := range t.jobs {
		a.mu.Lock()
		j.batches--
		if j.undelivered == nil {
			j.undelivered = err
		}
		settled := j.ended && j.batches == 0
		a.mu.Unlock()
		if settled {
			j.settle()
		}
	}
}

func (j *job) settle() {
	if s, ok := j.file.(Settler); ok {
		s.Settle(j.unread, j.undelivered)
	}
}
