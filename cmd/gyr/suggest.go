// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gyr-dev/gyr/internal/nearest"
	"github.com/gyr-dev/gyr/internal/screen"
)

// This file words errors of the command line: an unknown command or flag is answered with
// the known one that is nearest to it.

// groupArgs are the arguments of a command that only has commands of its own: none.
func groupArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unknownCommand(cmd, args[0])
	}
	return nil
}

// arguments is for commands with min to max arguments, max < 0 for any number; how they are
// called is in the command's usage line.
func arguments(min, max int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		n := len(args)
		if n >= min && (max < 0 || n <= max) {
			return nil
		}
		if max == 0 {
			return fmt.Errorf("%s: unexpected argument %q", cmd.CommandPath(), args[0])
		}
		_, wanted, _ := strings.Cut(cmd.Use, " ")
		wanted, _, _ = strings.Cut(wanted, " -")
		return fmt.Errorf("%s: expected %s, got %s", cmd.CommandPath(), wanted, screen.Plural(uint64(n), "argument"))
	}
}

// unknownCommand is the error for an argument that is no command of cmd.
func unknownCommand(cmd *cobra.Command, arg string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	of := ""
	if cmd.HasParent() {
		of = fmt.Sprintf(" for %q", cmd.CommandPath())
	}
	if near := nearest.Name(arg, slices.Values(names)); near != "" {
		return fmt.Errorf("unknown command %q%s; did you mean %q?", arg, of, near)
	}
	if info, err := os.Stat(arg); err == nil && !cmd.HasParent() && info.Mode().IsRegular() {
		return fmt.Errorf("unknown command %q; for a configuration file use gyr -c %s, for a rules file gyr -r %s", arg, arg, arg)
	}
	if of == "" {
		return fmt.Errorf("unknown command %q; gyr --help lists the commands", arg)
	}
	return fmt.Errorf("unknown command %q%s; its commands are %s", arg, of, strings.Join(names, ", "))
}

// shortFlags are words that people take for flags which have one letter, as Falco's have.
var shortFlags = map[string]string{
	"config": "c", "config-file": "c", "rules": "r", "rules-file": "r", "rules-files": "r", "verbose": "v", "duration": "M",
}

// flagError adds to the error about an unknown flag the one that may be meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	name := unknown.GetSpecifiedName()
	if group := unknown.GetSpecifiedShortnames(); group != "" {
		name = group
		if len(group) == 1 {
			return fmt.Errorf("%w; %s --help lists the flags", err, cmd.CommandPath())
		}
	}
	if near := nearFlag(cmd, name); near != "" {
		return fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return err
}

// nearFlag returns the flag of cmd that is most like name, as it is written, or "".
func nearFlag(cmd *cobra.Command, name string) string {
	name, _, _ = strings.Cut(name, "=")
	known := map[string]string{} // how it is written, by name
	for word, letter := range shortFlags {
		if f := cmd.Flags().Lookup(letter); f != nil {
			known[word] = "-" + letter
		}
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if len(f.Name) > 1 && !f.Hidden {
			known[f.Name] = "--" + f.Name
		}
	})
	return known[nearest.Name(name, slices.Values(slices.Sorted(maps.Keys(known))))]
}

// newHelp returns the command `gyr help`.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Show the help of a command",
		RunE: func(c *cobra.Command, args []string) error {
			of, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 && (of == c.Root() || of.HasSubCommands()) {
				return unknownCommand(of, rest[0])
			}
			return of.Help()
		},
	}
}
