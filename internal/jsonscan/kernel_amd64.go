// SPDX-License-Identifier: Apache-2.0

package jsonscan

import "golang.org/x/sys/cpu"

// hasKernel says that the processor can run classify.
var hasKernel = cpu.X86.HasAVX2 && cpu.X86.HasPCLMULQDQ

// classify fills out[:n] with what the n blocks of 64 bytes at text are made of. It also
// reads the six bytes behind them. n is at least 1.
//
//go:noescape
func classify(text *byte, n int, out *block, s *state, mark *[2]byte)
