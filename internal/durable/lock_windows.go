// SPDX-License-Identifier: Apache-2.0

package durable

import (
	"os"

	"golang.org/x/sys/windows"
)

func lock(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
}

// syncFolder does nothing: Windows cannot fsync folders, and keeps names with the files.
func syncFolder(string) error { return nil }
