// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/spf13/cobra"

// newRules is `gyr rules`, with a file per subcommand.
func newRules(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "Look into rules", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newRulesExplain(a))
	return c
}
