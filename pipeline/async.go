// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
)

const (
	// asyncRoom is the maximum number of waiting injected events.
	asyncRoom = 4096
	// asyncAhead is how far the time of an injected event may be in the future.
	asyncAhead = 10 * time.Second
)

var (
	errAsyncFull   = errors.New("async event queue is full")
	errAsyncFuture = errors.New("async event ts too far in future")
)

// asyncQueue holds injected events until the reader takes them. Events without a time are due
// immediately; they sort last, since they have the largest time.
type asyncQueue struct {
	source string
	id     uint32 // ID of the stream's plugin
	now    func() uint64
	log    *slog.Logger

	mu      sync.Mutex
	events  []event.Event // by time, then by arrival
	refused map[error]uint64
}

// emitter returns the function that a plugin injects events with.
func (q *asyncQueue) emitter(p *host.Info) host.EmitFunc {
	return func(name string, at uint64, data []byte) error {
		if err := host.CheckAsyncEvent(p, name, q.source); err != nil {
			return err
		}
		if at == 0 {
			at = abi.NoTime
		}
		e := event.Event{Time: at, PluginID: q.id, Type: abi.AsyncEvent, Name: name, Data: slices.Clone(data)}
		return q.push(p, e)
	}
}

// push inserts an event. If the event is rejected, it returns an error to the plugin and logs the
// first one of each kind.
func (q *asyncQueue) push(p *host.Info, e event.Event) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case e.Time != abi.NoTime && e.Time > q.now()+uint64(asyncAhead):
		return q.refuse(p, errAsyncFuture)
	case len(q.events) >= asyncRoom:
		return q.refuse(p, errAsyncFull)
	}
	at, _ := slices.BinarySearchFunc(q.events, e.Time, func(o event.Event, t uint64) int {
		if o.Time <= t {
			return -1
		}
		return 1
	})
	q.events = slices.Insert(q.events, at, e)
	return nil
}

func (q *asyncQueue) refuse(p *host.Info, why error) error {
	if q.refused == nil {
		q.refused = map[error]uint64{}
	}
	if q.refused[why]++; q.refused[why] == 1 {
		q.log.Warn(fmt.Sprintf("%s: events of plugin '%s' are rejected", why, p.Name), "source", q.source)
	}
	return why
}

// merge inserts waiting events into a batch from the source: before the first event that is not
// older; events without a time at the end. If all is set, when the stream pauses or ends, all
// events that are due follow.
func (q *asyncQueue) merge(b *event.Batch, all bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.events) == 0 {
		return
	}
	for i := 0; i < len(b.Events); i++ {
		n := q.due(b.Events[i].Time)
		b.Events = slices.Insert(b.Events, i, q.take(b, 0, n)...)
		i += n
	}
	if all {
		b.Events = append(b.Events, q.take(b, 0, q.due(q.now()))...)
	}
	timed := q.due(abi.NoTime - 1)
	b.Events = append(b.Events, q.take(b, timed, len(q.events))...)
}

// due returns the number of waiting events with a time up to t.
func (q *asyncQueue) due(t uint64) int {
	n := 0
	for n < len(q.events) && q.events[n].Time <= t && q.events[n].Time != abi.NoTime {
		n++
	}
	return n
}

// take removes events and returns them with their data copied to the memory of the batch.
func (q *asyncQueue) take(b *event.Batch, from, to int) []event.Event {
	list := slices.Clone(q.events[from:to])
	q.events = slices.Delete(q.events, from, to)
	for i := range list {
		list[i].Data = b.Arena.Copy(list[i].Data)
	}
	return list
}

// finish logs how many events were rejected or were too late.
func (q *asyncQueue) finish() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for why, n := range q.refused {
		q.log.Warn(fmt.Sprintf("%s: %d events were rejected", why, n), "source", q.source)
	}
	if n := len(q.events); n > 0 {
		q.log.Warn(fmt.Sprintf("%d async events have a time after the end of the stream", n), "source", q.source)
	}
	q.events = nil
}
