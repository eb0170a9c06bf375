// SPDX-License-Identifier: Apache-2.0

package sdktest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// checkOpenError opens a stream with invalid parameters.
func (k *checker) checkOpenError() {
	src, err := k.host.Plugin.Open("\x01 no such parameter: {[")
	if err == nil {
		if err := src.Close(); err != nil {
			k.errorf("close: %v", err)
		}
		k.warnf("open accepts invalid parameters")
		return
	}
	if strings.Contains(err.Error(), "gives no reason") {
		k.errorf("open fails without a reason from get_last_error: %v", err)
	}
}

// checkRead reads events for the other checks.
func (k *checker) checkRead() {
	src, err := k.host.Plugin.Open(k.opts.Params)
	if err != nil {
		k.errorf("open with the parameters %q: %v (pass others if the plugin needs them)", k.opts.Params, err)
		return
	}
	k.opens = true
	if err := src.Close(); err != nil {
		k.errorf("close a stream without reading it: %v", err)
	}
	events, err := k.host.Read(k.opts.Params, k.opts.MaxEvents, k.opts.Wait)
	k.events = events
	k.blocked = errors.Is(err, errBlocked)
	if err != nil && !ended(err) {
		k.errorf("read with the parameters %q, after %d events: %v", k.opts.Params, len(events), err)
		return
	}
	if len(events) == 0 {
		k.warnf("no event within %v with the parameters %q; checks that need events are not meaningful", k.opts.Wait, k.opts.Params)
	}
	last, back := uint64(0), 0
	for i := range events {
		e := &events[i]
		switch {
		case e.Type != abi.PluginEvent:
			k.errorf("event %d has type %d instead of %d", i+1, e.Type, abi.PluginEvent)
			return
		case e.PluginID != k.info.ID:
			k.errorf("event %d has plugin ID %d instead of %d", i+1, e.PluginID, k.info.ID)
			return
		case e.Time < last:
			back++
		}
		last = e.Time
	}
	if back > 0 {
		k.warnf("%d of %d events are older than the previous event", back, len(events))
	}
	if len(events) > 0 && last < 1e15 {
		k.warnf("the time of the last event is %d; times must be in nanoseconds since 1970", last)
	}
}

// checkEnd reads a stream to its end, if it has one, and tries to read more.
func (k *checker) checkEnd() {
	src, err := k.host.Plugin.Open(k.opts.Params)
	if err != nil {
		k.errorf("open: %v", err)
		return
	}
	ctx, cancel := patience(k.opts.Wait)
	defer cancel()
	b := event.NewBatch(128, event.NewArena(nil, nil))
	for n := 0; err == nil && ctx.Err() == nil && n < k.opts.MaxEvents; n += len(b.Events) {
		b.Release()
		err = next(ctx, src, b)
	}
	switch {
	case err == nil:
		k.skipf("the stream did not end within %v and %d events", k.opts.Wait, k.opts.MaxEvents)
	case ended(err):
		for range 2 {
			b.Release()
			if err = next(ctx, src, b); !ended(err) || len(b.Events) > 0 {
				k.errorf("after its end the stream returns %d events and %v", len(b.Events), err)
				break
			}
		}
	}
	if errors.Is(err, errBlocked) {
		return
	}
	if err := src.Close(); err != nil {
		k.errorf("close: %v", err)
	}
}

// stopWithin is the time within which a stream must return when the host stops.
const stopWithin = time.Second

func (k *checker) checkStop() {
	src, err := k.host.Plugin.Open(k.opts.Params)
	if err != nil {
		k.errorf("open: %v", err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	watch := newStopwatch()
	err = next(ctx, src, event.NewBatch(128, event.NewArena(nil, nil)))
	if took := watch.end(); took > stopWithin {
		k.errorf("reading continues for %v after the context is done; return then, even without events", took)
	}
	if errors.Is(err, errBlocked) {
		return // the stream cannot be closed
	}
	if err != nil && !ended(err) {
		k.errorf("read while the host stops: %v", err)
	} else if err == nil {
		err = k.checkStopWhileReading(src)
	}
	if errors.Is(err, errBlocked) {
		return
	}
	if err := src.Close(); err != nil {
		k.errorf("close: %v", err)
	}
}

// checkStopWhileReading stops while the stream is being read. A library is not notified of that
// and must therefore not wait long for events.
func (k *checker) checkStopWhileReading(src event.Source) error {
	ctx, cancel := patience(50 * time.Millisecond)
	defer cancel()
	b := event.NewBatch(128, event.NewArena(nil, nil))
	var took time.Duration
	for ctx.Err() == nil {
		b.Release()
		watch := newStopwatch()
		err := next(ctx, src, b)
		took = watch.end() // for the call during which the host stopped
		if err != nil {
			return err
		}
	}
	if took > stopWithin {
		k.errorf("next_batch continues for %v while the host stops; return within about 30 ms, even without events", took)
	}
	return nil
}

// checkMemory compares a batch again after later calls.
func (k *checker) checkMemory() {
	src, err := k.host.Plugin.Open(k.opts.Params)
	if err != nil {
		k.errorf("open: %v", err)
		return
	}
	ctx, cancel := patience(k.opts.Wait)
	defer cancel()
	first, second := event.NewBatch(8, event.NewArena(nil, nil)), event.NewBatch(8, event.NewArena(nil, nil))
	err = next(ctx, src, first)
	var copies [][]byte
	for i := range first.Events {
		copies = append(copies, bytes.Clone(first.Events[i].Data))
	}
	check := func(when string) {
		for i := range copies {
			if !bytes.Equal(copies[i], first.Events[i].Data) {
				k.errorf("event %d changed %s; the payload must be valid until the batch is released", i+1, when)
				return
			}
		}
	}
	if err == nil {
		err = next(ctx, src, second)
		check("when the next batch was read")
	}
	if errors.Is(err, errBlocked) {
		k.errorf("%v", err)
		return
	}
	if err := src.Close(); err != nil {
		k.errorf("close: %v", err)
	}
	check("when the stream was closed")
	first.Release()
	second.Release()
}

func (k *checker) checkText() {
	if len(k.events) == 0 {
		k.skipf("there are no events")
		return
	}
	for i := range k.events {
		text, err := k.host.Text(k.events[i])
		if err != nil {
			k.errorf("event %d: %v", i+1, err)
			return
		}
		again, _ := k.host.Text(k.events[i])
		switch {
		case text != again:
			k.errorf("event %d has two different texts: %q and %q", i+1, text, again)
			return
		case strings.Contains(text, "\n") || !utf8.ValidString(text):
			k.warnf("the text of event %d is not one line of UTF-8: %q", i+1, text)
			return
		}
	}
	if text, _ := k.host.Text(k.events[0]); strings.HasPrefix(text, "datalen=") {
		k.warnf("the plugin returns no text for its events (event_to_string)")
	}
}
