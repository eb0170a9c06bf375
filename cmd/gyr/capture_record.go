// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/screen"
)

func newCaptureRecord(a *app) *cobra.Command {
	var out outFlags
	var plugin, open string
	var size int64
	var every time.Duration
	c := &cobra.Command{
		Use:   "record --plugin NAME -w OUT",
		Short: "Record all events of a plugin's event source, without evaluating rules",
		Args:  arguments(0, 0),
		Example: `  gyr capture record --plugin cloudtrail --open logs/ -w logs.scap
  gyr capture record -c falco.yaml --plugin cloudtrail --rotate-every 1h -w logs.scap`,
		RunE: a.plugged(assembly.Initialised, func(ctx context.Context, asm *assembly.Assembly, args []string) error {
			src, err := sourceNamed(asm, plugin)
			if err != nil {
				return err
			}
			if open == "" {
				open = src.Owner.Config.OpenParams
			}
			stream, err := src.Stream.Open(open)
			if err != nil {
				return err
			}
			defer stream.Close()
			w, err := out.create(capture.WriterOptions{
				Plugins: []capture.Plugin{src.Owner.Provenance(src.Name)}, Rotate: capture.Rotation{Size: size << 20, Every: every},
			})
			if err != nil {
				return err
			}
			if err := errors.Join(record(ctx, src.Name, stream, w), w.Close()); err != nil {
				return err
			}
			st := w.Stats()
			a.log.Info(fmt.Sprintf("%d events written, %d bytes in %s; last file: %s", st.Events, st.Bytes, screen.Plural(uint64(st.Files), "file"), w.Path()))
			return nil
		}),
	}
	a.pluginFlags(c)
	out.define(c)
	c.Flags().StringVar(&plugin, "plugin", "", "Record the plugin or event source with this `name`")
	c.Flags().StringVar(&open, "open", "", "Open the event source with these `parameters` (default open_params of the configuration)")
	c.Flags().Int64Var(&size, "rotate-size", 0, "Start a new file after this many `MB`")
	c.Flags().DurationVar(&every, "rotate-every", 0, "Start a new file after this `duration`, such as 1h30m")
	if err := c.MarkFlagRequired("plugin"); err != nil {
		panic(err) // the flag is the one above
	}
	return c
}

// record writes the events of a stream until it ends or ctx is done.
func record(ctx context.Context, source string, stream event.Source, w *capture.Writer) error {
	b := event.NewBatch(256, assembly.NewArena())
	defer b.Arena.Free()
	for {
		b.Source = source
		err := stream.Next(ctx, b)
		now := uint64(time.Now().UnixNano())
		for i := range b.Events {
			e := &b.Events[i]
			if e.Time == abi.NoTime {
				e.SetTime(now)
			}
			if werr := w.Write(source, e); werr != nil {
				b.Release()
				return werr
			}
		}
		token := b.Token
		b.Release()
		if acker, ok := stream.(event.Acker); ok && token != nil {
			acker.Ack(token, w.Flush())
		}
		switch {
		case errors.Is(err, io.EOF), ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("source %s: %w", source, err)
		}
	}
}
