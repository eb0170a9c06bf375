// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/spf13/cobra"

// newRules returns the command `gyr rules`. Each subcommand has a file of its own.
func newRules(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "Inspect rules",
		Example: `  gyr rules explain -c falco.yaml --index`,
	}
	c.AddCommand(newRulesExplain(a))
	return c
}
