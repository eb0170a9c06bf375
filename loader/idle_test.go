// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// A plugin without events that does not wait for any is not asked all the time. Whoever waits,
// or has events, is asked again at once.
func TestPausesBetweenCallsInVain(t *testing.T) {
	f := func(what string, took time.Duration, events bool, want time.Duration) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			var i idle
			begin := time.Now()
			const calls = idleCalls + 4
			for range calls {
				i.before(t.Context(), nil)
				time.Sleep(took)
				i.after(events)
			}
			if got := time.Since(begin) - calls*took; got != want {
				t.Errorf("%s: %d calls have pauses of %v, want %v", what, calls, got, want)
			}
		})
	}
	f("in vain", 0, false, 4*idlePause)
	f("in vain, quickly", idleQuick, false, 4*idlePause)
	f("waits for events", 30*time.Millisecond, false, 0)
	f("has events", 0, true, 0)
}

func TestPauseEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), idlePause/5)
		defer cancel()
		i := idle{calls: idleCalls}
		begin := time.Now()
		i.before(ctx, nil)
		if got := time.Since(begin); got != idlePause/5 {
			t.Errorf("the pause took %v, want %v", got, idlePause/5)
		}
	})
}
