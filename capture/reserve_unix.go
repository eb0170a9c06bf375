// SPDX-License-Identifier: Apache-2.0

//go:build unix

package capture

import "syscall"

// reserve returns n bytes of which only those that are written take memory, and a
// function that gives them back. A block's length is a claim of the file: this way a
// false one costs nothing. nil means that the system has no such room.
func reserve(n int) ([]byte, func()) {
	buf, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, nil
	}
	return buf, func() { _ = syscall.Munmap(buf) }
}
