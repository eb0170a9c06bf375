// SPDX-License-Identifier: Apache-2.0

//go:build unix

package metrics

import "syscall"

// processorTime returns the seconds of processor time that the process has used.
func processorTime() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
