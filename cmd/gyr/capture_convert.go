// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/capture"
)

func newCaptureConvert(a *app) *cobra.Command {
	var out outFlags
	var plugin string
	var keys []string
	var raw bool
	c := &cobra.Command{
		Use:     "convert FILE --plugin NAME -w OUT",
		Short:   "Convert a log file to a capture file, one event per line",
		Args:    arguments(1, 1),
		Example: `  gyr capture convert trail.jsonl --plugin cloudtrail --time eventTime -w trail.scap`,
		RunE: a.plugged(assembly.Initialised, func(ctx context.Context, asm *assembly.Assembly, args []string) error {
			src, err := sourceNamed(asm, plugin)
			if err != nil {
				return err
			}
			in, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			w, err := out.replace(capture.WriterOptions{Plugins: []capture.Plugin{src.Owner.Provenance(src.Name)}}, args[0])
			if err != nil {
				return err
			}
			o := capture.ConvertOptions{PluginID: src.Owner.Info.ID, Source: src.Name, Any: raw}
			if len(keys) > 0 {
				o.Time = capture.TimeOf(keys...)
			}
			lines := &countedReader{src: in}
			if info, err := in.Stat(); err == nil && info.Size() > 0 {
				defer a.watch(args[0], func() float64 { return float64(lines.n.Load()) / float64(info.Size()) })()
			}
			st, err := capture.Convert(ctx, args[0], lines, w.Writer, o)
			if err := w.finish(err); err != nil {
				return err
			}
			a.log.Info(fmt.Sprintf("%d of %d lines written to %s as events", st.Events, st.Lines, out.path))
			if st.Untimed > 0 {
				a.log.Warn(fmt.Sprintf("%d lines have no time; the time of the previous line is used", st.Untimed))
			}
			return nil
		}),
	}
	a.pluginFlags(c)
	out.define(c)
	c.Flags().StringVar(&plugin, "plugin", "", "Convert for the plugin or event source with this `name`")
	c.Flags().StringArrayVar(&keys, "time", nil, "Top-level `key` with the time of an event; may be repeated")
	c.Flags().BoolVar(&raw, "raw", false, "Accept lines that are not JSON")
	if err := c.MarkFlagRequired("plugin"); err != nil {
		panic(err) // the flag is the one above
	}
	return c
}

// countedReader counts the bytes read.
type countedReader struct {
	src io.Reader
	n   atomic.Int64
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// sourceNamed returns the event source with that name, or of the plugin with that name.
func sourceNamed(asm *assembly.Assembly, name string) (*assembly.Source, error) {
	for _, s := range asm.Sources {
		if name == s.Owner.Info.Name || name == s.Owner.Config.Name || name == s.Name {
			return s, nil
		}
	}
	err := fmt.Errorf("no loaded plugin or event source is named %q", name)
	if len(asm.Sources) == 0 {
		return nil, assembly.AdviseMissing(err, name)
	}
	var known []string
	for _, s := range asm.Sources {
		known = append(known, s.Owner.Info.Name+" (event source "+s.Name+")")
	}
	return nil, &assembly.AdvisedError{Err: err, Advice: "Loaded: " + strings.Join(known, ", ") + "."}
}
