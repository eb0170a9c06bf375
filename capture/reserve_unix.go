// SPDX-License-Identifier: Apache-2.0

//go:build unix

package capture

import "syscall"

// reserve reserves n bytes of address space, which take memory only when written, and returns
// a function to free them. The length in a block header may be wrong; reserving it costs
// nothing. It returns nil if the system refuses.
func reserve(n int) ([]byte, func()) {
	buf, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, nil
	}
	return buf, func() { _ = syscall.Munmap(buf) }
}
