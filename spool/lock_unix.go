// SPDX-License-Identifier: Apache-2.0

//go:build unix

package spool

import (
	"os"
	"syscall"
)

// lockFile takes the lock of a file without waiting. It is free again when the file is
// closed, also by the end of the process.
func lockFile(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

func syncFolder(d *os.File) error { return d.Sync() }
