// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gyr-dev/gyr/pipeline"
)

// A source that fails is opened again after a second, then after twice as long each time,
// up to a minute. One that was read for a minute starts over.
const (
	firstPause = time.Second
	longPause  = time.Minute
)

// finish removes an input that is done, or has it opened again later if the configuration
// says so. It returns the failure of one that is removed.
func (s *stream) finish(i *input) error {
	if !slices.Contains(s.inputs, i) {
		return nil // a reload has replaced it
	}
	err := errors.Join(i.running.Err(), i.endRecording())
	if err != nil && s.restarts(err) {
		s.later(i, err)
		return nil
	}
	s.remove(i)
	return err
}

// restarts reports whether a source that failed is to be opened again. One whose plugin is
// stuck cannot be.
func (s *stream) restarts(err error) bool {
	return s.now.Load().asm.Config.RestartSources && !s.stopping && !errors.Is(err, pipeline.ErrStuck)
}

// later has a source opened again after a pause.
func (s *stream) later(i *input, err error) {
	if time.Since(i.began) >= longPause {
		i.failures = 0
	}
	pause := min(firstPause<<min(i.failures, 10), longPause)
	i.failures++
	i.running = nil
	s.opts.Log.Error(fmt.Sprintf("source %s failed, opening it again in %s: %v", i.name, pause, err))
	i.timer = time.AfterFunc(pause, func() {
		select {
		case s.retry <- i:
		case <-s.over:
		}
	})
}

// reopen opens a source that failed.
func (s *stream) reopen(ctx context.Context, i *input) {
	if !slices.Contains(s.inputs, i) || s.stopping || ctx.Err() != nil {
		return
	}
	asm := s.now.Load().asm
	src := asm.Source(i.name)
	if src == nil {
		return
	}
	in, err := asm.OpenSource(src, s.recorder(asm)())
	if err != nil {
		i.began = time.Now()
		s.later(i, err)
		return
	}
	s.begin(ctx, i, in)
}

// forgetWaiting removes the inputs that wait to be opened again.
func (s *stream) forgetWaiting() {
	s.stopping = true
	s.inputs = slices.DeleteFunc(s.inputs, func(i *input) bool {
		if i.running == nil {
			i.timer.Stop()
		}
		return i.running == nil
	})
}
