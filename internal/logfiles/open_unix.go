// SPDX-License-Identifier: Apache-2.0

//go:build unix

package logfiles

import "syscall"

// nonBlocking opens a FIFO without waiting for who writes to it.
const nonBlocking = syscall.O_NONBLOCK
