// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"fmt"
)

// sequence processes the batches in the order of reading: it counts, records, passes the alerts
// to the sink and releases the batch. At the first error it calls stop, which ends the reader,
// and then only drains the lane.
func (l *lane) sequence(stop func()) (first error) {
	for j := range l.order {
		<-j.ready
		done := l.acknowledge(j)
		if first == nil {
			first = l.deliver(j, done)
			if first != nil {
				stop()
				done(first)
			}
		} else {
			done(first)
		}
		j.gen.release()
		j.gen, j.program = nil, nil
		j.batch.Release()
		l.free <- j
	}
	return first
}

// deliver passes a batch's alerts to the sink. It calls done unless it returns an error.
func (l *lane) deliver(j *job, done func(error)) error {
	if j.err != nil {
		return j.err
	}
	l.p.stats.add(j)
	l.count.events.Add(uint64(len(j.batch.Events)))
	if l.in.Recorder != nil {
		if err := record(l.in.Recorder, j); err != nil {
			return fmt.Errorf("recording: %w", err)
		}
	}
	if len(j.found.alerts) == 0 {
		done(nil)
		return nil
	}
	bytes := j.found.bytes
	l.p.cfg.Sink.Write(j.found.alerts, func(err error) {
		l.p.bytes.put(bytes)
		done(err)
	})
	return nil
}

// record passes a batch's events and their matches to the recorder.
func record(rec Recorder, j *job) error {
	next := 0 // next alert; alerts are in the order of the events
	for i := range j.batch.Events {
		e := &j.batch.Events[i]
		for ; next < len(j.found.alerts) && j.found.alerts[next].Num == e.Num; next++ {
			if err := rec.Match(e, j.found.rules[next]); err != nil {
				return err
			}
		}
		if err := rec.Write(j.batch.Source, e); err != nil {
			return err
		}
	}
	return nil
}

// acknowledge returns the function to call when the batch is done.
func (l *lane) acknowledge(j *job) func(error) {
	if j.ack == nil {
		return ignore
	}
	ack, cut := j.ack, j.cut
	j.ack = nil
	return func(err error) {
		if cut && err == nil {
			err = errCut
		}
		l.acks.finish(ack, err)
	}
}

func ignore(error) {}
