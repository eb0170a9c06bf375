// SPDX-License-Identifier: Apache-2.0

//go:build unix

package screen

import (
	"os"

	"golang.org/x/sys/unix"
)

// columns asks a terminal for its width, 0 if it does not say.
func columns(f *os.File) int {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}
