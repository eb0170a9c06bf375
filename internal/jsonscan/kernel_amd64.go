// SPDX-License-Identifier: Apache-2.0

package jsonscan

import "golang.org/x/sys/cpu"

// hasKernel reports whether the processor can run classify. has512 reports whether it has the
// 64-byte registers, and the instruction that lists the bits of a mask.
var (
	hasKernel = cpu.X86.HasAVX2 && cpu.X86.HasPCLMULQDQ && cpu.X86.HasPOPCNT
	has512    = hasKernel && cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512VBMI2
)

// classify describes the n blocks of 64 bytes at text in out[:n]. It also reads the six bytes
// after them. n is at least 1.
func classify(text *byte, n int, out *block, s *state, mark *[2]byte) {
	if has512 {
		classify512(text, n, out, s, mark)
	} else {
		classify256(text, n, out, s, mark)
	}
}

//go:noescape
func classify256(text *byte, n int, out *block, s *state, mark *[2]byte)

//go:noescape
func classify512(text *byte, n int, out *block, s *state, mark *[2]byte)

// list512 writes the positions of the tokens of n blocks to out and returns their number. It
// may write up to 64 numbers after them. n is at least 1.
//
//go:noescape
func list512(blocks *block, n int, out *uint32) int
