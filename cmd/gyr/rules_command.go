// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/spf13/cobra"

// newRules returns the command `gyr rules`. Each subcommand has a file of its own.
func newRules(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "Inspect rules", Args: cobra.NoArgs,
		Example: `  gyr rules explain -c falco.yaml --index`,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newRulesExplain(a))
	return c
}
