// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

func newCaptureFilter(a *app) *cobra.Command {
	var out outFlags
	c := &cobra.Command{
		Use:     "filter FILE CONDITION -w OUT",
		Short:   "Copy the events that match a condition to a new capture file",
		Args:    arguments(2, 2),
		Example: `  gyr capture filter logs.scap 'ct.user = alice' -w alice.scap`,
		RunE: a.plugged(assembly.Initialised, func(ctx context.Context, asm *assembly.Assembly, args []string) error {
			r, err := a.openForReading(args[0], asm.SourceOf)
			if err != nil {
				return err
			}
			defer r.Close()
			w, err := out.replace(capture.WriterOptions{Plugins: r.Plugins()}, args[0])
			if err != nil {
				return err
			}
			defer a.watch(args[0], shareOf(r))()
			if err := w.finish(a.filter(ctx, asm, r, w.Writer, args[1])); err != nil {
				return err
			}
			st := w.Stats()
			a.log.Info(fmt.Sprintf("%d events written to %s, %d bytes", st.Events, out.path, st.Bytes))
			return nil
		}),
	}
	a.pluginFlags(c)
	out.define(c)
	return c
}

// filter writes the events that match the condition, and the state.
func (a *app) filter(ctx context.Context, asm *assembly.Assembly, r *capture.Reader, w *capture.Writer, condition string) error {
	s := a.newSelection(asm, condition, "%evt.num")
	k := &keeper{}
	err := capture.Each(ctx, r, func(b *event.Batch) error {
		k.mark(len(b.Events))
		if worker := s.worker(b.Source); worker != nil && !b.StateOnly {
			b.Start = s.start(b)
			if err := worker.Run(b, k); err != nil {
				return err
			}
		}
		return k.write(w, b)
	})
	if err == nil && !s.worked {
		err = s.failed
	}
	return err
}

// keeper implements engine.Handler. It marks the events of a batch to keep.
type keeper struct{ keep []bool }

func (k *keeper) mark(n int) {
	k.keep = append(k.keep[:0], make([]bool, n)...)
}

func (k *keeper) Match(_ *event.Batch, row int, _ *rules.Rule, _ *filter.Env) { k.keep[row] = true }

func (k *keeper) write(w *capture.Writer, b *event.Batch) error {
	for i := range b.Events {
		var err error
		if e := &b.Events[i]; b.StateOnly {
			err = w.WriteState(e)
		} else if k.keep[i] {
			err = w.Write(b.Source, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
