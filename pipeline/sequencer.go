// SPDX-License-Identifier: Apache-2.0

package pipeline

import "fmt"

// sequence takes the batches in the order of reading: it counts, records, hands the alerts
// to the sink and releases the batch. At the first error it calls stop, which ends the
// reader, and only empties the lane from then on.
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
		j.batch.Release()
		l.free <- j
	}
	return first
}

// deliver hands a batch's alerts to the sink. It calls done unless it returns an error.
func (l *lane) deliver(j *job, done func(error)) error {
	if j.err != nil {
		return j.err
	}
	l.p.stats.add(j)
	if rec := l.p.cfg.Recorder; rec != nil {
		for i := range j.batch.Events {
			if err := rec.Write(j.batch.Source, &j.batch.Events[i]); err != nil {
				return fmt.Errorf("recording: %w", err)
			}
		}
	}
	if len(j.found.alerts) == 0 {
		done(nil)
		return nil
	}
	l.p.sinkMu.Lock()
	defer l.p.sinkMu.Unlock()
	l.p.cfg.Sink.Write(j.found.alerts, done)
	return nil
}

// acknowledge returns what is to be called when the batch is dealt with.
func (l *lane) acknowledge(j *job) func(error) {
	if j.ack == nil {
		return ignore
	}
	ack := j.ack
	j.ack = nil
	return func(err error) { l.acks.finish(ack, err) }
}

func ignore(error) {}
