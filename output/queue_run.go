// SPDX-License-Identifier: Apache-2.0

package output

import (
	"fmt"
	"log/slog"
	"time"
)

// levelCritical lies above error.
const levelCritical = slog.Level(12)

// maxUnflushed is how many alerts are written before they are flushed at the latest.
const maxUnflushed = 4096

// run writes entries until the queue is closed and empty. It flushes when it has nothing
// else to do, so alerts are written together only while more of them are waiting.
func (q *Queue) run() {
	defer close(q.ended)
	late := time.AfterFunc(time.Hour, func() {
		q.log(levelCritical, fmt.Sprintf("\"%s\" output timeout, the output is blocked", q.dest.Name()))
	})
	late.Stop()
	var unflushed []entry
	alerts := 0
	for {
		t := q.next(len(unflushed) > 0)
		late.Reset(q.opts.Timeout)
		switch {
		case t.reopen:
			if err := q.dest.Reopen(); err != nil {
				q.failed(0, err)
			}
		case t.alerts == nil || alerts >= maxUnflushed:
			q.flush(unflushed)
			unflushed, alerts = unflushed[:0], 0
		}
		if t.alerts != nil && q.write(t.entry) {
			unflushed = append(unflushed, t.entry)
			alerts += len(t.alerts)
		}
		late.Stop()
		if t.last {
			break
		}
	}
	if err := q.dest.Close(); err != nil {
		q.failed(0, err)
	}
}

// write hands an entry to the destination, and makes room for another one.
func (q *Queue) write(e entry) bool {
	err := q.dest.Write(e.alerts)
	q.progress.Add(1)
	q.mu.Lock()
	q.waiting -= len(e.alerts)
	q.room.Signal()
	q.mu.Unlock()
	if err != nil {
		q.failed(len(e.alerts), err)
		q.settle(e, err)
	}
	return err == nil
}

// flush flushes the destination, which settles the entries written since the last time.
func (q *Queue) flush(entries []entry) {
	err := q.dest.Flush()
	q.progress.Add(1)
	for _, e := range entries {
		if err != nil {
			q.failed(len(e.alerts), err)
		} else {
			q.delivered.Add(uint64(len(e.alerts)))
		}
		q.settle(e, err)
	}
	clear(entries)
}

// task is what the worker does next: reopen, or write an entry, or, without either,
// flush. last ends it.
type task struct {
	entry
	reopen, last bool
}

// next waits for a task, unless the worker can flush meanwhile.
func (q *Queue) next(canFlush bool) task {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.entries) == 0 && !q.reopen && !q.closed && !canFlush {
		q.work.Wait()
	}
	if q.reopen {
		q.reopen = false
		return task{reopen: true}
	}
	if len(q.entries) > 0 {
		e := q.entries[0]
		q.entries[0] = entry{}
		q.entries = q.entries[1:]
		return task{entry: e}
	}
	return task{last: q.closed && !canFlush}
}
