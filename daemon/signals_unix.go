// SPDX-License-Identifier: Apache-2.0

//go:build unix

package daemon

import (
	"os"
	"syscall"
)

var (
	stopSignals   = []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	reopenSignals = []os.Signal{syscall.SIGUSR1}
	reloadSignals = []os.Signal{syscall.SIGHUP}
)
