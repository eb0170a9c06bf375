// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"

	"github.com/spf13/cobra"
)

func newCaptureReplay(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "replay FILE [flags]",
		Short: "Run the rules on the events of a capture file, with the flags of gyr itself",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.opts.set = append(a.opts.set, "engine.kind=replay", "engine.replay.capture_file="+args[0])
			if err := a.opts.complete(cmd.Flags(), nil, a.stderr); err != nil {
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
