// SPDX-License-Identifier: Apache-2.0

package hugepage

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// size is the size of a huge page on most processors. If it differs, the advice covers a bit
// less or more than the buffer.
const size = 2 << 20

// advise requests huge pages for the range of b. A kernel without support returns EINVAL.
// (unix.Madvise takes a slice, which must not exceed b.)
func advise(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	from := uintptr(unsafe.Pointer(&b[0])) &^ (size - 1)
	to := (uintptr(unsafe.Pointer(&b[len(b)-1])) | (size - 1)) + 1
	if _, _, err := unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_HUGEPAGE); err != 0 {
		return err
	}
	return nil
}
