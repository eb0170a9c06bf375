// SPDX-License-Identifier: Apache-2.0

//go:build unix

package rules

import (
	sys "syscall"
	"time"
)

// cpuTime is what the process has used of its processors: unlike the clock it does not
// depend on what else the machine does.
func cpuTime() time.Duration {
	var u sys.Rusage
	if err := sys.Getrusage(sys.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
