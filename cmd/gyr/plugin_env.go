// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"

	"github.com/gyr-dev/gyr/internal/pluginenv"
)

// settlePlugins starts gyr again if the configuration has libraries that need another
// environment, see package pluginenv. Nothing has been written or opened by then. It
// returns what the environment has for them since an earlier start.
func (a *app) settlePlugins() (added []string) {
	if a.restart != nil && !a.opts.dryRun && a.readable() {
		var libraries []string
		for _, p := range a.cfg.Plugins {
			if file, _, err := a.locate(p); err == nil && file != "" {
				libraries = append(libraries, file)
			}
		}
		a.restart(libraries)
	}
	return pluginenv.Settle()
}

// readable reports whether the configuration can be read once more, as a pipe cannot.
func (a *app) readable() bool {
	for _, f := range a.cfg.Files {
		if info, err := os.Stat(f.Path); err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}
