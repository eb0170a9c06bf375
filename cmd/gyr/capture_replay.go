// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"

	"github.com/spf13/cobra"
)

func newCaptureReplay(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "replay FILE [flags]",
		Short:   "Evaluate rules on the events of a capture file; accepts all flags of gyr",
		Args:    arguments(1, 1),
		Example: `  gyr capture replay logs.scap -c falco.yaml -r my_rules.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.opts.set = append(a.opts.set, "engine.kind=replay", "engine.replay.capture_file="+args[0])
			if err := a.opts.complete(cmd, nil, a.stderr); err != nil {
				return err
			}
			if _, err := os.Stat(args[0]); err != nil {
				return err
			}
			return a.run()
		},
	}
	a.opts.define(c.Flags())
	return c
}
