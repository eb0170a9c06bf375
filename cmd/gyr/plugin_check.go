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

// newPluginCheck returns the command `gyr plugin check`, which runs the checks of sdktest
// on any plugin.
func newPluginCheck(a *app) *cobra.Command {
	var opts sdktest.Options
	var payloads []string
	var verbose bool
	c := &cobra.Command{
		Use:   "check PLUGIN",
		Short: "Run a plugin and report its faults",
		Long:  "Run a plugin and report its faults. " + pluginArgument,
		Args:  one("PLUGIN"),
		Example: `  gyr plugin check ./libmy_plugin.so
  gyr plugin check ./libmy_plugin.so --params events.txt --explain
  gyr plugin check json --event event.json --argument /user/name`,
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
	f.StringVar(&opts.Config, "config", "", "Initialize the plugin with this `configuration`")
	f.StringVar(&opts.Params, "params", "", "Open the event source with these `parameters`")
	f.StringArrayVar(&payloads, "event", nil, "Extract fields from the event in this `file`; may be repeated")
	f.StringArrayVar(&opts.Arguments, "argument", nil, "Pass this `argument` to fields that take one; may be repeated")
	f.IntVar(&opts.MaxEvents, "max-events", 0, "Read at most this `number` of events (default 1000)")
	f.DurationVar(&opts.Wait, "wait", time.Second, "Wait at most this `duration` for events")
	f.BoolVar(&verbose, "explain", false, "Explain why each check matters")
	return c
}

func (a *app) checkPlugin(name string, opts sdktest.Options, verbose bool) error {
	m, err := a.find(name)
	if err != nil {
		return err // a plugin that cannot be loaded has failed its first check
	}
	i := m.Info()
	fmt.Fprintf(a.page, "%s %s, plugin API %s\n", i.Name, i.Version, i.RequiredAPI)
	failed, warned := 0, 0
	opts.Begin = func(name string) { fmt.Fprintf(a.page, "  %-15s ", name) }
	opts.Done = func(r *sdktest.Result) {
		switch {
		case r.Failed():
			failed++
			fmt.Fprintln(a.page, "FAILED")
		case len(r.Warnings) > 0:
			fmt.Fprintln(a.page, "ok, but")
		case r.Skipped != "":
			fmt.Fprintln(a.page, a.skipped(r.Skipped))
		default:
			fmt.Fprintln(a.page, "ok")
		}
		warned += len(r.Warnings)
		for _, e := range r.Errors {
			fmt.Fprintln(a.page, "      error: "+e)
		}
		for _, w := range r.Warnings {
			fmt.Fprintln(a.page, "      warning: "+w)
		}
		if verbose || r.Failed() {
			fmt.Fprintln(a.page, "      why: "+r.Why)
		}
	}
	sdktest.Check(m, opts)
	if failed > 0 {
		fmt.Fprintf(a.page, "%d checks failed\n", failed)
		return errSilent
	}
	fmt.Fprintf(a.page, "no errors, warnings: %d\n", warned)
	return nil
}

// skipped is the rest of the line of a check that was skipped. On a narrow terminal the reason
// has a line of its own.
func (a *app) skipped(why string) string {
	const begun = len("  ") + 15 + len(" ") // of the line
	if a.width > 0 && begun+len("- "+why) > a.width {
		return "-\n      " + why
	}
	return "- " + why
}
