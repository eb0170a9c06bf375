// SPDX-License-Identifier: Apache-2.0

//go:build unix

package cputime

import (
	sys "syscall"
	"time"
)

// Process is the processor time that all threads of the process have used so far, the
// system's on their behalf included.
func Process() time.Duration {
	var u sys.Rusage
	if err := sys.Getrusage(sys.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
