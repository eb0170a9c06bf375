// SPDX-License-Identifier: Apache-2.0

package host

import (
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Stop returns when every routine has, and lets no other start.
func TestStopWaitsForRoutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRoutines(slog.New(slog.DiscardHandler))
		var runs, ended atomic.Int32
		for range 2 {
			if _, err := r.Start(func() bool {
				runs.Add(1)
				time.Sleep(time.Minute) // what it is at takes a while
				ended.Add(1)
				return true
			}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		r.Stop()
		if runs.Load() != 2 || ended.Load() != 2 {
			t.Errorf("Stop returned when %d of %d runs had ended", ended.Load(), runs.Load())
		}
		if _, err := r.Start(func() bool { return false }); err == nil {
			t.Error("a routine was started after Stop")
		}
	})
}

func TestRoutineThatPanics(t *testing.T) {
	var log strings.Builder
	r := NewRoutines(slog.New(slog.NewTextHandler(&log, nil)))
	begun := make(chan bool)
	running, err := r.Start(func() bool { close(begun); panic("boom") })
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := running.Stop(); err != nil { // waits for it
		t.Error(err)
	}
	r.Stop()
	if !strings.Contains(log.String(), "a plugin's routine: panic: boom") {
		t.Errorf("log: %s", log.String())
	}
}
