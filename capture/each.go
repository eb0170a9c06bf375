// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"context"
	"errors"
	"io"

	"github.com/gyr-dev/gyr/event"
)

// Each calls f with every batch of a capture up to its end: the way to print or evaluate
// it. Batches with StateOnly are among them. A batch is valid during the call. An error of
// f ends the walk and is returned as it is, as are those of the reader; ctx ends it early.
func Each(ctx context.Context, r *Reader, f func(*event.Batch) error) error {
	b := event.NewBatch(1024, event.NewArena(nil, nil))
	defer b.Release()
	for {
		err := r.Next(ctx, b)
		if len(b.Events) > 0 {
			if err := f(b); err != nil {
				return err
			}
		}
		b.Release()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
}
