// SPDX-License-Identifier: Apache-2.0

package output

import (
	"errors"
	"math/rand/v2"
	"time"
)

// The pauses after failed attempts: none after the first, then least, doubling to most.
const (
	leastPause = 10 * time.Millisecond
	mostPause  = 30 * time.Second
)

// backOff is the pause after so many failed attempts in a row: at random between half of
// the value and the whole, so that many senders do not come at once.
func backOff(failures int) time.Duration {
	if failures <= 1 {
		return 0
	}
	d := leastPause << min(failures-2, 12)
	d = min(d, mostPause)
	return d - rand.N(d/2+1)
}

// pause waits before the next attempt. A time that the destination asked for is kept; one of
// our own is cut short, and starts from the beginning, when the destination is to be
// reopened or the worker is to end.
func (w *Worker) pause(err error) {
	d := backOff(w.failures)
	var busy *Busy
	asked := errors.As(err, &busy)
	if asked {
		d = busy.After
	}
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			return
		case <-w.ctx.Done():
			return
		case <-w.wake:
			if !asked {
				w.failures = 1
				return
			}
		}
	}
}
