// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package output

import (
	"errors"
	"syscall"
)

// brokenPipe reports whether a write failed because nobody reads any more.
func brokenPipe(err error) bool {
	const errNoData = syscall.Errno(232) // of Windows: the pipe is being closed
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, errNoData) || errors.Is(err, syscall.ERROR_BROKEN_PIPE)
}

const openFlags = 0
