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
	"github.com/gyr-dev/gyr/internal/screen"
)

// commands are the subcommands, each in a file of its own.
var commands = []func(*app) *cobra.Command{
	newCapture,
	newPlugin,
	newRules,
	newBench,
	newSpool,
	newVersion,
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
	patiently(func() { a.report(err) })
	return 1
}

// newRoot returns the root command: Falco's flags, and the subcommands.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "gyr",
		Short:         "Run Falco plugins and Falco rules",
		Example:       rootExamples,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.opts.complete(cmd, args, a.stderr); err != nil {
				return err
			}
			if bare(a) {
				fmt.Fprint(a.side, startText)
				return errSilent
			}
			return a.run()
		},
	}
	a.opts.define(root.Flags())
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		if cmd != root {
			fmt.Fprint(a.page, about(cmd)+"\n\n"+cmd.UsageString())
			return
		}
		fmt.Fprint(a.page, helpText(root))
	})
	for _, c := range commands {
		root.AddCommand(c(a))
	}
	root.SetHelpCommand(newHelp())
	root.InitDefaultCompletionCmd()
	root.SetFlagErrorFunc(flagError)
	finish(root)
	return root
}

// about describes a command: one line, or more if the command needs it.
func about(cmd *cobra.Command) string {
	if cmd.Long != "" {
		return cmd.Long
	}
	return cmd.Short
}

// finish gives a command and all below it the flag --help, in the style of the others, and
// makes groups of those that have commands of their own.
func finish(cmd *cobra.Command) {
	cmd.Flags().BoolP("help", "h", false, "Show this help")
	if cmd.HasParent() && cmd.HasSubCommands() {
		cmd.Args = groupArgs
		cmd.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	}
	for _, c := range cmd.Commands() {
		finish(c)
	}
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
		fmt.Fprintf(a.stderr, "%s %v. Exiting.\n", a.paint.Text(screen.Red, "Runtime error:"), err)
	default:
		fmt.Fprintf(a.stderr, "%s %s\n", a.paint.Text(screen.Red, "Error:"), a.paintIssues(falcolog.Clean(err.Error())))
	}
	var advised *assembly.AdvisedError
	if errors.As(err, &advised) {
		fmt.Fprintln(a.side, advised.Advice)
	}
}

const startText = `gyr runs Falco plugins and Falco rules: it reads events and sends alerts.

It needs a configuration file in Falco's format. Pass one:

    gyr -c falco.yaml

or create ` + defaultConfig + `. Other commands to start with:

    gyr --help            Show all flags and commands
    gyr plugin list       List the built-in plugins
    gyr -c falco.yaml -V my_rules.yaml
                          Validate a rules file without running it
`

const rootExamples = `  gyr -c falco.yaml                          Run with this configuration
  gyr -c falco.yaml -V my_rules.yaml         Validate a rules file
  gyr -c falco.yaml --list=aws_cloudtrail    List the fields of an event source
  gyr -c falco.yaml -o json_output=true      Override a key of the configuration`

// bare reports whether gyr was started without flags and arguments, and without a default
// configuration.
func bare(a *app) bool {
	if a.opts.given {
		return false
	}
	_, err := os.Stat(defaultConfig)
	return err != nil
}
