// SPDX-License-Identifier: Apache-2.0

package engine

import "golang.org/x/sys/cpu"

// hasGramScan says that the processor can run scanGrams.
var hasGramScan = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VBMI && cpu.X86.HasBMI2

// scanGrams looks at the n positions of text from at on, at < n, 64 at a time, until some
// may be the start of a gram that t knows: mask has a bit for each of these, block is the
// position of its bit 0. A mask of 0 means that there are no more. It reads the
// gramSize-1 bytes behind the n positions too.
//
//go:noescape
func scanGrams(text *byte, n, at int, t *gramTables) (block int, mask uint64)
