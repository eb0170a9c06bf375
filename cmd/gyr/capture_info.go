// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/capture"
)

func newCaptureInfo(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "info FILE...",
		Short:   "Show the plugins, event sources, counts, time span and size of capture files",
		Args:    arguments(1, -1),
		Example: `  gyr capture info logs.scap`,
		RunE: a.command(func(ctx context.Context, args []string) error {
			var errs []error
			defer a.screen.Erase()
			for i, path := range args {
				in, err := capture.ReadInfo(ctx, path, a.bar(path))
				errs = append(errs, err)
				switch {
				case in == nil:
				case asJSON:
					errs = append(errs, json.NewEncoder(a.stdout).Encode(in))
				default:
					if i > 0 {
						fmt.Fprintln(a.page)
					}
					fmt.Fprint(a.page, in.Text())
				}
			}
			return errors.Join(errs...)
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "Print JSON")
	return c
}
