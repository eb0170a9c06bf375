// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/internal/falcolog"
)

// commands are the subcommands, each in a file of its own.
var commands = []func(*app) *cobra.Command{
	newCapture,
	newPlugin,
	newRules,
	newBench,
}

// execute runs gyr with the arguments behind its name and returns the exit status: 0, or
// 1 after any error.
func (a *app) execute(args []string) int {
	root := newRoot(a)
	root.SetArgs(args)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.Execute()
	if err == nil {
		return 0
	}
	a.report(err)
	return 1
}

// newRoot returns the command line: the flags of falco, and the subcommands.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "gyr",
		Short:         "gyr runs Falco plugins and Falco rules.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.opts.complete(cmd.Flags(), args, a.stderr); err != nil {
				return err
			}
			if bare(a) {
				fmt.Fprint(a.stderr, startText)
				return errSilent
			}
			return a.run()
		},
	}
	a.opts.define(root.Flags())
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		if cmd != root {
			fmt.Fprintln(a.stdout, cmd.Short+"\n\n"+cmd.UsageString())
			return
		}
		fmt.Fprint(a.stdout, helpText(root))
	})
	for _, c := range commands {
		root.AddCommand(c(a))
	}
	return root
}

// errSilent is an error that has been reported.
var errSilent = errors.New("")

// report shows an error to the user.
func (a *app) report(err error) {
	var re assembly.RuntimeError
	switch {
	case errors.Is(err, errSilent):
	case errors.As(err, &re) && a.cfg != nil && a.cfg.Log.Stderr:
		a.log.Log(context.Background(), falcolog.LevelCritical, "Runtime error: "+err.Error()+". Exiting.")
	case errors.As(err, &re):
		fmt.Fprintf(a.stderr, "Runtime error: %v. Exiting.\n", err)
	default:
		fmt.Fprintf(a.stderr, "Error: %v\n", err)
	}
}

const startText = `gyr runs Falco plugins and Falco rules: events in, alerts out.

It needs to be told what to do. Give it a configuration file, the same that Falco has:

    gyr -c falco.yaml

or put one at ` + defaultConfig + `. To look around first:

    gyr --help            all flags
    gyr plugin list       the plugins that are built in
    gyr -c falco.yaml -V my_rules.yaml
                          check rules without running them
`

// bare reports whether gyr was started without a word about what to do, and there is
// no configuration to tell.
func bare(a *app) bool {
	if a.opts.given {
		return false
	}
	_, err := os.Stat(defaultConfig)
	return err != nil
}
