// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/daemon"
	"github.com/gyr-dev/gyr/internal/screen"
	"github.com/gyr-dev/gyr/spool"
)

// newSpool returns the command `gyr spool`.
func newSpool(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "spool", Short: "Inspect, repair and drain the spool",
		Example: `  gyr spool inspect -c falco.yaml
  gyr spool drain -c falco.yaml`,
	}
	c.AddCommand(newSpoolInspect(a), newSpoolRepair(a), newSpoolDrain(a))
	return c
}

// spoolCommand completes a subcommand that gets the spool's folder: its argument, or that of
// the configuration.
func (a *app) spoolCommand(c *cobra.Command, do func(ctx context.Context, dir string) error) *cobra.Command {
	c.RunE = a.command(func(ctx context.Context, args []string) error {
		if len(args) > 0 {
			return do(ctx, args[0])
		}
		if _, err := a.readConfig(); err != nil {
			return err
		}
		a.warnOfConfig(a.quietLog(), true)
		if a.cfg.Spool.Path == "" {
			return errors.New("the configuration has no spool: set spool.path, or name the folder")
		}
		return do(ctx, a.cfg.Spool.Path)
	})
	f := c.Flags()
	f.StringVarP(&a.opts.config, "config", "c", "", "Read the configuration from this `path` (default "+defaultConfig+")")
	f.StringArrayVarP(&a.opts.set, "option", "o", nil, "Set a `key=value` of the configuration; may be repeated")
	return c
}

func newSpoolInspect(a *app) *cobra.Command {
	return a.spoolCommand(&cobra.Command{
		Use:   "inspect [FOLDER]",
		Short: "Show what is in a spool and how far each output is; gyr may be running",
		Args:  arguments(0, 1),
	}, func(_ context.Context, dir string) error {
		rep, err := spool.Inspect(dir)
		if err != nil {
			return err
		}
		a.printSpool(rep)
		return nil
	})
}

func (a *app) printSpool(rep *spool.Report) {
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "segment\talerts\tbytes\tdamaged bytes")
	for _, s := range rep.Segments {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", s.Path, s.Records, s.Bytes, s.Damaged)
	}
	fmt.Fprintln(w, "\noutput\twaiting\toldest event")
	for _, o := range rep.Outputs {
		oldest := "-"
		if o.Oldest > 0 {
			oldest = time.Unix(0, int64(o.Oldest)).UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%d\t%s\n", o.Name, o.Waiting, oldest)
	}
	w.Flush()
	if rep.Damaged > 0 {
		fmt.Fprintf(a.stdout, "\n%d damaged bytes in the file of the cursors\n", rep.Damaged)
	}
}

func newSpoolRepair(a *app) *cobra.Command {
	return a.spoolCommand(&cobra.Command{
		Use:   "repair [FOLDER]",
		Short: "Remove damaged bytes from a spool that no gyr uses; whole alerts are kept",
		Args:  arguments(0, 1),
	}, func(_ context.Context, dir string) error {
		n, err := spool.Repair(dir)
		if err == nil {
			fmt.Fprintf(a.stdout, "%s removed\n", screen.Plural(uint64(n), "damaged byte"))
		}
		return err
	})
}

func newSpoolDrain(a *app) *cobra.Command {
	var drop string
	c := a.spoolCommand(&cobra.Command{
		Use:   "drain",
		Short: "Deliver what is in the spool to the configured outputs, without reading events",
		Args:  arguments(0, 0),
	}, func(ctx context.Context, dir string) error {
		if drop != "" {
			return a.dropOutput(dir, drop)
		}
		return daemon.Drain(ctx, a.cfg, a.stdout, a.log)
	})
	c.Flags().StringVar(&drop, "drop", "", "Give up what waits for the output of this `name` instead, such as http")
	return c
}

// dropOutput gives up what the spool keeps for an output.
func (a *app) dropOutput(dir, name string) error {
	s, err := spool.Open(spool.Options{Path: dir, MaxSize: a.cfg.Spool.MaxSize, Log: a.quietLog()})
	if err != nil {
		return err
	}
	n, ok := s.Drop(name)
	if err := s.Close(); err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("the spool has nothing for an output named %q", name)
	}
	fmt.Fprintf(a.stdout, "%s for output %s dropped\n", screen.Plural(n, "alert"), name)
	return nil
}
