// SPDX-License-Identifier: Apache-2.0

//go:build unix

package daemon

import (
	"os"
	"os/signal"
	"syscall"
)

var (
	stopSignals   = []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	reopenSignals = []os.Signal{syscall.SIGUSR1}
	reloadSignals = []os.Signal{syscall.SIGHUP}
)

// SurvivePipes has writes to a standard output or error that nobody reads any more fail,
// instead of ending the process by SIGPIPE. Commands that are started are not affected.
func SurvivePipes() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
