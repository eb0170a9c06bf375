// SPDX-License-Identifier: Apache-2.0

// Command gyr runs Falco plugins and Falco rules. It accepts Falco's flags. The steps of a
// start are in run.go.
package main

import (
	"os"

	"github.com/gyr-dev/gyr/internal/pluginenv"
)

func main() {
	a := newApp(os.Stdout, os.Stderr)
	a.restart = pluginenv.Restart
	os.Exit(a.execute(os.Args[1:]))
}
