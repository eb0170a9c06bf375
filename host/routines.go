// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/gyr-dev/gyr/sdk"
)

// Routines runs the routines of plugins that listen to a capture, each in its own goroutine. It
// implements [sdk.Routines].
type Routines struct {
	log *slog.Logger
	mu  sync.Mutex
	all map[*routine]bool // running routines
	end bool
}

// NewRoutines returns an empty Routines. A panic ends a routine and is logged to log.
func NewRoutines(log *slog.Logger) *Routines {
	return &Routines{log: log, all: map[*routine]bool{}}
}

// Start implements [sdk.Routines].
func (r *Routines) Start(f func() bool) (sdk.Routine, error) {
	t := &routine{done: make(chan struct{})}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.end {
		return nil, errors.New("the capture is closed")
	}
	r.all[t] = true
	go func() {
		defer close(t.done)
		if err := guard(func() error { t.run(f); return nil }); err != nil {
			r.log.Error(fmt.Sprintf("a plugin's routine: %v", err))
		}
		r.mu.Lock()
		delete(r.all, t)
		r.mu.Unlock()
	}()
	return t, nil
}

// Stop stops all routines and waits for them. No routine can be started afterwards.
func (r *Routines) Stop() {
	r.mu.Lock()
	r.end = true
	var list []*routine
	for t := range r.all {
		list = append(list, t)
	}
	r.mu.Unlock()
	for _, t := range list {
		t.stop.Store(true)
	}
	for _, t := range list {
		<-t.done
	}
}

// routine is a running function.
type routine struct {
	stop atomic.Bool
	done chan struct{}
}

func (t *routine) run(f func() bool) {
	for !t.stop.Load() && f() {
	}
}

// Stop implements [sdk.Routine].
func (t *routine) Stop() error {
	t.stop.Store(true)
	<-t.done
	return nil
}
