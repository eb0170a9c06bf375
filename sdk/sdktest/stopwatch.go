// SPDX-License-Identifier: Apache-2.0

package sdktest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// tick is the unit of a stopwatch.
const tick = 10 * time.Millisecond

// stopwatch measures how long a plugin keeps the host waiting. It counts the ticks that the
// process comes to see instead of looking at a clock: while the machine is busy with other
// things, neither the plugin nor the stopwatch gets on.
type stopwatch struct {
	ticks atomic.Int64
	stop  chan struct{}
	wait  sync.WaitGroup
}

func newStopwatch() *stopwatch {
	w := &stopwatch{stop: make(chan struct{})}
	w.wait.Go(func() {
		t := time.NewTicker(tick)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				w.ticks.Add(1)
			case <-w.stop:
				return
			}
		}
	})
	return w
}

// end ends the measurement and returns what was measured.
func (w *stopwatch) end() time.Duration {
	close(w.stop)
	w.wait.Wait()
	return time.Duration(w.ticks.Load()) * tick
}

// patience returns a context that is done after a time, measured as a stopwatch does.
func patience(d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		t := time.NewTicker(tick)
		defer t.Stop()
		for range max(d/tick, 1) {
			select {
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
		cancel()
	}()
	return ctx, cancel
}
