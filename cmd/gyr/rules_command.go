// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/spf13/cobra"

// newRules returns the command `gyr rules`. Each subcommand has a file of its own.
func newRules(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "Inspect and format rules",
		Example: `  gyr rules explain -c falco.yaml --index
  gyr rules fmt my_rules.yaml`,
	}
	c.AddCommand(newRulesExplain(a), newRulesFmt(a))
	return c
}
