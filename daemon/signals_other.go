// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package daemon

import "os"

var (
	stopSignals   = []os.Signal{os.Interrupt}
	reopenSignals []os.Signal
	reloadSignals []os.Signal
)

// SurvivePipes does nothing: the system has no SIGPIPE.
func SurvivePipes() {}
