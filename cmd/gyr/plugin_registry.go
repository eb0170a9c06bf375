// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/registry"
)

// newPluginRegistry returns the command `gyr plugin registry`.
func newPluginRegistry(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "registry", Short: "Work with registries of plugin IDs, names and event sources",
		Example: `  gyr plugin registry check registry.yaml`,
	}
	c.AddCommand(&cobra.Command{
		Use: "check FILE", Short: "Validate a plugin registry (registry.yaml)", Args: one("FILE"),
		Example: `  gyr plugin registry check registry.yaml`,
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer file.Close()
			r, err := registry.Read(file)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if errs := r.Check(); len(errs) > 0 {
				for i := range errs {
					errs[i] = fmt.Errorf("%s: %w", args[0], errs[i])
				}
				return errors.Join(errs...)
			}
			fmt.Fprintf(a.stdout, "%s: %d plugins, ok\n", args[0], len(r.Plugins))
			return nil
		},
	})
	return c
}
