// SPDX-License-Identifier: Apache-2.0

package output

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/gyr-dev/gyr/alert"
)

// Fanout returns a sink that gives every alert to each of sinks, first to those that have
// room for it, so that a full one does not hold up the others. Write returns when all of
// them have it; done is called when all of them are done, with the errors joined.
func Fanout(sinks []alert.Sink) alert.Sink {
	if len(sinks) == 1 {
		return sinks[0]
	}
	return fanout(sinks)
}

type fanout []alert.Sink

func (f fanout) Write(alerts []alert.Alert, done func(error)) {
	if len(alerts) == 0 || len(f) == 0 {
		done(nil)
		return
	}
	j := &joint{done: done}
	j.left.Store(int32(len(f)))
	var full []alert.Sink
	for _, s := range f {
		if q, ok := s.(*Queue); ok && q.Room() < len(alerts) {
			full = append(full, s)
			continue
		}
		s.Write(alerts, j.one)
	}
	for _, s := range full {
		s.Write(alerts, j.one)
	}
}

// Close closes all sinks at once, so that a blocked one does not hold up the others.
func (f fanout) Close() error {
	errs := make([]error, len(f))
	var wg sync.WaitGroup
	for i, s := range f {
		wg.Go(func() { errs[i] = s.Close() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// joint calls done when all sinks are done.
type joint struct {
	left atomic.Int32
	mu   sync.Mutex
	errs []error
	done func(error)
}

func (j *joint) one(err error) {
	if err != nil {
		j.mu.Lock()
		j.errs = append(j.errs, err)
		j.mu.Unlock()
	}
	if j.left.Add(-1) == 0 {
		j.done(errors.Join(j.errs...))
	}
}
