// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strconv"
)

func writePidfile(a *app) error {
	if a.opts.pidfile == "" || a.opts.dryRun {
		return nil
	}
	if err := os.WriteFile(a.opts.pidfile, []byte(strconv.Itoa(os.Getpid())), 0o644); err != nil {
		return fmt.Errorf("Could not write pid to pidfile %s: %w", a.opts.pidfile, err)
	}
	return nil
}
