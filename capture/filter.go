// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"context"

	"github.com/gyr-dev/gyr/event"
)

// Each calls f with every batch of a capture up to its end: the way to print or evaluate
// it. Batches with StateOnly are among them. A batch is valid during the call. An error of
// f ends the walk and is returned as it is, as are those of the reader; ctx ends it early.
func Each(ctx context.Context, r *Reader, f func(*event.Batch) error) error {
	return batches(ctx, r, f)
}

// Filter writes the events of a capture for which keep returns true to w, and returns how
// many it kept. Events of state are always kept. w is not closed.
func Filter(ctx context.Context, r *Reader, w *Writer, keep func(*event.Event) bool) (kept uint64, err error) {
	err = batches(ctx, r, func(b *event.Batch) error {
		for i := range b.Events {
			e := &b.Events[i]
			switch {
			case b.StateOnly:
				if err := w.WriteState(e); err != nil {
					return err
				}
			case keep(e):
				kept++
				if err := w.Write(b.Source, e); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return kept, err
}
