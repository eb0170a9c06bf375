// SPDX-License-Identifier: Apache-2.0

// Command gyr runs Falco plugins and Falco rules. It takes the flags of falco; run.go has
// the steps that a start consists of.
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
