// SPDX-License-Identifier: Apache-2.0

package output

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

// Levels between and beyond those of slog.
const (
	levelNotice   = slog.Level(2)
	levelCritical = slog.Level(12)
)

// reports are a worker's log lines. What happens for every alert is logged when its count
// has doubled, the first time at once.
type reports struct {
	w   *Worker
	log *slog.Logger

	fails   uint64    // failed attempts
	failing time.Time // since when all attempts have failed; zero if the last did not
	said    bool      // that they do

	slow    atomic.Bool   // a write has taken long, and none since then has not
	blocked atomic.Uint64 // how often that began
}

// doubled reports whether a counter went over a power of two (the first from zero).
func doubled(before, after uint64) bool { return after&^before > before }

// dropped counts alerts that found no room.
func (r *reports) dropped(n int) {
	after := r.w.drops.Add(uint64(n))
	if doubled(after-uint64(n), after) {
		r.log.Error("Outputs queue out of memory. Drop event and continue on ...", "output", r.w.Name(), "dropped", after)
	}
}

// retry tells of an attempt that failed and will be repeated.
func (r *reports) retry(err error) {
	r.fails++
	if r.failing.IsZero() {
		r.failing = time.Now()
	}
	if doubled(r.fails-1, r.fails) {
		r.said = true
		r.log.Error(fmt.Sprintf("%s: %v; will try again", r.w.Name(), err), "failures", r.fails)
	}
}

// took tells that a destination is back whose failing the log has told of.
func (r *reports) took() {
	if r.failing.IsZero() {
		return
	}
	if d := time.Since(r.failing); r.said && d >= r.w.opts.Timeout {
		r.log.Info(fmt.Sprintf("%s: delivers again after %v", r.w.Name(), d.Round(100*time.Millisecond)), "failures", r.fails)
	}
	r.failing, r.said = time.Time{}, false
}

func (r *reports) refused(err error) {
	if n := r.w.refused.Load(); doubled(n-1, n) {
		r.log.Error(fmt.Sprintf("%s: alert refused: %v", r.w.Name(), err), "refused", n)
	}
}

func (r *reports) gone(err error) {
	r.log.Error(fmt.Sprintf("%s: %v; this output is given up, its alerts are lost", r.w.Name(), err), "lost", r.w.failed.Load())
}

func (r *reports) reopening(err error) { r.log.Error(fmt.Sprintf("%s: reopen: %v", r.w.Name(), err)) }

func (r *reports) closing(err error) { r.log.Error(fmt.Sprintf("%s: close: %v", r.w.Name(), err)) }

// late tells of a write that takes long. While one after the other does, once is enough.
func (r *reports) late() {
	if r.slow.Swap(true) {
		return
	}
	if n := r.blocked.Add(1); doubled(n-1, n) {
		r.note(levelCritical, fmt.Sprintf("\"%s\" output timeout, the output is blocked", r.w.Name()))
	}
}

// inTime notes that a write did not take long.
func (r *reports) inTime() {
	if r.slow.Load() {
		r.slow.Store(false)
	}
}

// stuck tells of a destination that does not come back from a call.
func (r *reports) stuck() {
	r.note(levelNotice, "output channels still blocked, discarding all remaining notifications", "output", r.w.Name())
}

func (r *reports) note(level slog.Level, msg string, args ...any) {
	r.log.Log(context.Background(), level, msg, args...)
}
