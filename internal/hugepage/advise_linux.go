// SPDX-License-Identifier: Apache-2.0

package hugepage

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// size is that of a huge page of most processors. Where it is another one, the advice is
// for a little less or more than the buffer.
const size = 2 << 20

// advise asks for huge pages for all that b lies in. A kernel that has none says so, which
// is as good as no answer. (unix.Madvise takes a slice, which must not go beyond b.)
func advise(b []byte) {
	if len(b) == 0 {
		return
	}
	from := uintptr(unsafe.Pointer(&b[0])) &^ (size - 1)
	to := (uintptr(unsafe.Pointer(&b[len(b)-1])) | (size - 1)) + 1
	_, _, _ = unix.Syscall(unix.SYS_MADVISE, from, to-from, unix.MADV_HUGEPAGE)
}
