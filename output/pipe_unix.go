// SPDX-License-Identifier: Apache-2.0

//go:build unix

package output

import (
	"errors"
	"syscall"
)

// brokenPipe reports whether a write failed because nobody reads any more.
func brokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }

// openFlags has a pipe without a reader fail to open rather than wait for one.
const openFlags = syscall.O_NONBLOCK
