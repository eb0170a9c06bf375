// SPDX-License-Identifier: Apache-2.0

package engine

import "golang.org/x/sys/cpu"

// hasGramScan reports whether the processor can run scanGrams.
var hasGramScan = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VBMI && cpu.X86.HasBMI2

// scanGrams scans the positions at to n-1 of text, at < n, 64 at a time, and stops at the first
// block in which grams of t may start. mask has a bit for each of these positions, block is the
// position of bit 0. A mask of 0 means that none is left. It also reads the gramSize-1 bytes
// after the n positions.
//
//go:noescape
func scanGrams(text *byte, n, at int, t *gramTables) (block int, mask uint64)
