// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"os"

	"golang.org/x/sys/windows"
)

// lockFile takes the lock of a file without waiting. It is free again when the file is
// closed, also by the end of the process.
func lockFile(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
}

// syncFolder does nothing: Windows cannot fsync folders, and keeps names with the files.
func syncFolder(*os.File) error { return nil }
