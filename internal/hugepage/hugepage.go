// SPDX-License-Identifier: Apache-2.0

// Package hugepage allocates large buffers that the kernel backs with huge pages where it
// offers them to those who ask (transparent_hugepage/enabled is madvise or always): memory
// that is written for the first time then costs a page fault per 2 MiB, not one per 4 KiB,
// of which each takes microseconds on virtual machines. Elsewhere the buffers are like any
// others.
//
// The memory is the collector's, like that of make. It counts as resident as soon as one
// byte of a huge page was touched, so small buffers have no business here.
package hugepage

// Bytes returns n zero bytes, n being 1 MiB or more to be worth it. Memory that happens to
// lie beside them may get huge pages too. It is safe for concurrent use.
func Bytes(n int) []byte {
	b := make([]byte, n)
	_ = advise(b) // without huge pages the buffer serves as well
	return b
}
