// SPDX-License-Identifier: Apache-2.0

package output

import (
	"os"

	"golang.org/x/sys/unix"
)

// unreadBytes is how many bytes nobody has read yet of those written into a pipe.
func unreadBytes(f *os.File) (int, error) {
	c, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	n := 0
	if cerr := c.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.TIOCINQ) }); cerr != nil {
		err = cerr
	}
	return n, err
}
