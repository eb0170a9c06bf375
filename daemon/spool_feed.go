// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/output"
	"github.com/gyr-dev/gyr/spool"
)

// spoolFeed gives an output's worker the alerts that the spool keeps for it. What the worker
// does not deliver stays in the spool.
type spoolFeed struct {
	r      *spool.Reader
	log    *slog.Logger
	ending atomic.Bool // nothing is appended any more

	mu        sync.Mutex
	have      []alert.Alert // that the worker has seen and not dealt with
	discarded bool
}

var _ output.Feed = (*spoolFeed)(nil)

// maxPeek is how many alerts are read from the spool at once.
const maxPeek = 1024

// Peek implements [output.Feed].
func (f *spoolFeed) Peek() ([]alert.Alert, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.discarded || len(f.have) > 0 {
		return f.have, !f.discarded
	}
	ending := f.ending.Load()
	var err error
	if f.have, err = f.r.Poll(maxPeek); err != nil {
		f.log.Error(err.Error())
		time.AfterFunc(time.Second, f.r.Wake)
		return nil, true
	}
	return f.have, !ending || len(f.have) > 0
}

// Ready implements [output.Feed].
func (f *spoolFeed) Ready() <-chan struct{} { return f.r.Ready() }

// Done implements [output.Feed].
func (f *spoolFeed) Done(n int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.discarded {
		return 0
	}
	f.r.Advance(n)
	f.have = f.have[n:]
	return n
}

// Discard implements [output.Feed]. Without an error the output is gone for good: what the
// spool keeps for it gives way when there is no room.
func (f *spoolFeed) Discard(err error) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.discarded = true
	f.have = nil // a worker that is stuck may still read it
	if err == nil {
		f.r.Close()
	}
	return 0
}

// end says that nothing is appended any more.
func (f *spoolFeed) end() {
	f.ending.Store(true)
	f.r.Wake()
}

// spoolSink stores alerts. It is an [alert.Sink] for the pipeline.
type spoolSink struct {
	s      *spool.Spool
	stored sync.WaitGroup // Writes that are not done
	lost   atomic.Uint64  // alerts that could not be stored
}

// Write implements [alert.Sink].
func (s *spoolSink) Write(alerts []alert.Alert, done func(error)) {
	s.stored.Add(1)
	n := uint64(len(alerts))
	s.s.Append(alerts, func(err error) {
		if err != nil {
			s.lost.Add(n)
		}
		done(err)
		s.stored.Done()
	})
}

// wait waits until everything is stored, for d at most.
func (s *spoolSink) wait(d time.Duration) {
	done := make(chan struct{})
	go func() {
		s.stored.Wait()
		close(done)
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
	case <-t.C:
	}
}

// Close does nothing: the outputs close the spool when they have ended.
func (s *spoolSink) Close() error { return nil }
