// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/gyr-dev/gyr/event"
)

// Merge writes the events of several captures to w, ordered by time. Events with the same
// time are ordered by reader, and the events of one capture keep their order even if their
// times are not sorted. The initial state of all captures comes first. Merge does not close w.
func Merge(ctx context.Context, w *Writer, readers ...*Reader) error {
	heads := make([]*mergeHead, 0, len(readers))
	defer func() {
		for _, h := range heads {
			h.b.Release()
		}
	}()
	for _, r := range readers {
		h := &mergeHead{r: r, b: event.NewBatch(256, event.NewArena(nil, nil))}
		heads = append(heads, h)
		if err := h.writeState(ctx, w); err != nil {
			return err
		}
	}
	for {
		first := earliest(heads)
		if first == nil {
			return nil
		}
		if err := first.write(w); err != nil {
			return err
		}
		if err := first.next(ctx); err != nil {
			return err
		}
	}
}

// earliest returns the head with the next event; nil at the end. There are few heads, so a
// linear search is as good as a heap.
func earliest(heads []*mergeHead) *mergeHead {
	var first *mergeHead
	for _, h := range heads {
		if e := h.event(); e != nil && (first == nil || e.Time < first.event().Time) {
			first = h
		}
	}
	return first
}

// mergeHead is a capture and its next event.
type mergeHead struct {
	r   *Reader
	b   *event.Batch
	i   int
	end bool
}

func (h *mergeHead) event() *event.Event {
	if h.i >= len(h.b.Events) {
		return nil
	}
	return &h.b.Events[h.i]
}

func (h *mergeHead) write(w *Writer) error {
	if h.b.StateOnly {
		return w.WriteState(h.event())
	}
	return w.Write(h.b.Source, h.event())
}

// next advances to the next event, reading more if needed.
func (h *mergeHead) next(ctx context.Context) error {
	for h.i++; h.event() == nil && !h.end; {
		if err := h.fill(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (h *mergeHead) fill(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	h.b.Release()
	h.i = 0
	err := h.r.Next(ctx, h.b)
	switch {
	case errors.Is(err, io.EOF):
		h.end = true
	case err != nil:
		return fmt.Errorf("merge: %w", err)
	}
	return nil
}

// writeState writes the initial state of the capture and stops at its first event.
func (h *mergeHead) writeState(ctx context.Context, w *Writer) error {
	h.i = -1
	for {
		if err := h.next(ctx); err != nil {
			return err
		}
		if h.event() == nil || !h.b.StateOnly {
			return nil
		}
		if err := h.write(w); err != nil {
			return err
		}
	}
}
