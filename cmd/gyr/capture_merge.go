// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/capture"
)

func newCaptureMerge(a *app) *cobra.Command {
	var out outFlags
	c := &cobra.Command{
		Use:     "merge FILE... -w OUT",
		Short:   "Merge capture files into one, ordered by event time",
		Args:    arguments(1, -1),
		Example: `  gyr capture merge monday.scap tuesday.scap -w both.scap`,
		RunE: a.command(func(ctx context.Context, args []string) error {
			var readers []*capture.Reader
			var plugins []capture.Plugin
			for _, path := range args {
				r, err := a.openForReading(path, nil)
				if err != nil {
					return err
				}
				defer r.Close()
				readers = append(readers, r)
				plugins = append(plugins, r.Plugins()...)
			}
			w, err := out.replace(capture.WriterOptions{Plugins: plugins}, args...)
			if err != nil {
				return err
			}
			defer a.watch(out.path, shareOf(readers...))()
			if err := w.finish(capture.Merge(ctx, w.Writer, readers...)); err != nil {
				return err
			}
			st := w.Stats()
			a.log.Info(fmt.Sprintf("%d events written to %s, %d bytes", st.Events, out.path, st.Bytes))
			return nil
		}),
	}
	out.define(c)
	return c
}
