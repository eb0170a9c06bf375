// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"sync"

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

// batchFiles is the token of a batch: the files that it has events of.
type batchFiles struct{ jobs []*job }

// acks knows which batches have events of which files. A file is settled when its end was
// seen and all its batches are acknowledged.
type acks struct{ mu sync.Mutex }

// add notes that b has events of the job.
func (a *acks) add(b *event.Batch, j *job) {
	t, ok := b.Token.(*batchFiles)
	if !ok {
		t = &batchFiles{}
		b.Token = t
	}
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
