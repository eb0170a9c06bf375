// SPDX-License-Identifier: Apache-2.0

package cputime

import (
	sys "syscall"
	"time"
)

// Process is the processor time that all threads of the process have used so far, the
// system's on their behalf included.
func Process() time.Duration {
	h, err := sys.GetCurrentProcess()
	if err != nil {
		return 0
	}
	var created, exited, kernel, user sys.Filetime
	if err := sys.GetProcessTimes(h, &created, &exited, &kernel, &user); err != nil {
		return 0
	}
	return ticks(kernel) + ticks(user)
}

// ticks is a duration in units of 100 nanoseconds.
func ticks(t sys.Filetime) time.Duration {
	return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * 100
}
