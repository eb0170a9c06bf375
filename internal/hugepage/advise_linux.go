// SPDX-License-Identifier: Apache-2.0

package hugepage

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// size is that of a huge page of most processors. Where it is another one, the advice is
// for a little less or more than the buffer.
const size = 2 << 20

// advise asks for huge pages for all that b lies in. A kernel that was built without them
// gives EINVAL. (unix.Madvise takes a slice, which must not go beyond b.)
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
