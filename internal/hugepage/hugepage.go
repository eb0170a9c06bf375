// SPDX-License-Identifier: Apache-2.0

// Package hugepage allocates large buffers that the kernel backs with huge pages, if
// transparent_hugepage/enabled is madvise or always. The first write then costs one page
// fault per 2 MiB instead of one per 4 KiB; on virtual machines a page fault takes
// microseconds. Otherwise the buffers are ordinary memory.
//
// The garbage collector owns the memory, as with make. A huge page becomes resident when its
// first byte is touched, so this package is not suited to small buffers.
package hugepage

// Bytes returns n zero bytes. It pays off for n of 1 MiB or more. Adjacent memory may get huge
// pages too. It is safe for concurrent use.
func Bytes(n int) []byte {
	b := make([]byte, n)
	_ = advise(b) // the buffer works without huge pages too
	return b
}
