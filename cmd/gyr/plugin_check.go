// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/sdk/sdktest"
)

// newPluginCheck is "gyr plugin check": the tests of sdktest on any plugin.
func newPluginCheck(a *app) *cobra.Command {
	var opts sdktest.Options
	var payloads []string
	var verbose bool
	c := &cobra.Command{
		Use:   "check PLUGIN",
		Short: "try a plugin out, by the path of its library or by name, and say what is wrong with it",
		Args:  one("PLUGIN"),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, path := range payloads {
				text, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				opts.Payloads = append(opts.Payloads, bytes.TrimSuffix(text, []byte("\n")))
			}
			return a.checkPlugin(args[0], opts, verbose)
		},
	}
	f := c.Flags()
	f.StringVar(&opts.Config, "config", "", "configuration of the plugin")
	f.StringVar(&opts.Params, "params", "", "parameter with which its event source is opened")
	f.StringArrayVar(&payloads, "event", nil, "file whose content is an event to extract fields from (can be repeated)")
	f.StringArrayVar(&opts.Arguments, "argument", nil, "argument for fields that take one (can be repeated)")
	f.IntVar(&opts.MaxEvents, "max-events", 0, "how many events are read at most (default 1000)")
	f.DurationVar(&opts.Wait, "wait", time.Second, "how long is waited for events")
	f.BoolVar(&verbose, "explain", false, "say of every check why it matters")
	return c
}

func (a *app) checkPlugin(name string, opts sdktest.Options, verbose bool) error {
	m, err := a.find(name)
	if err != nil {
		return err // a plugin that cannot be loaded has failed its first check
	}
	i := m.Info()
	fmt.Fprintf(a.stdout, "%s %s, plugin API %s\n", i.Name, i.Version, i.RequiredAPI)
	failed, warned := 0, 0
	opts.Begin = func(name string) { fmt.Fprintf(a.stdout, "  %-15s ", name) }
	opts.Done = func(r *sdktest.Result) {
		switch {
		case r.Failed():
			failed++
			fmt.Fprintln(a.stdout, "FAILED")
		case len(r.Warnings) > 0:
			fmt.Fprintln(a.stdout, "ok, but")
		case r.Skipped != "":
			fmt.Fprintln(a.stdout, "- "+r.Skipped)
		default:
			fmt.Fprintln(a.stdout, "ok")
		}
		warned += len(r.Warnings)
		for _, e := range r.Errors {
			fmt.Fprintln(a.stdout, "      error: "+e)
		}
		for _, w := range r.Warnings {
			fmt.Fprintln(a.stdout, "      warning: "+w)
		}
		if verbose || r.Failed() {
			fmt.Fprintln(a.stdout, "      why: "+r.Why)
		}
	}
	sdktest.Check(m, opts)
	if failed > 0 {
		fmt.Fprintf(a.stdout, "%d checks failed\n", failed)
		return errSilent
	}
	fmt.Fprintf(a.stdout, "no errors, warnings: %d\n", warned)
	return nil
}
