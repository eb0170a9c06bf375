// SPDX-License-Identifier: Apache-2.0

package jsonscan

// hasKernel says that the processor can run classify, has512 that it has the registers of
// 64 bytes for it, and the instruction that lists the bits of a mask.
var hasKernel, has512 = features()

// features asks the processor what it has, and whether the system keeps its registers.
func features() (avx2, avx512 bool) {
	const (
		pclmulqdq, popcnt, osxsave, avx = 1 << 1, 1 << 23, 1 << 27, 1 << 28 // leaf 1, ecx
		need                            = pclmulqdq | popcnt | osxsave | avx
		avx2Bit                         = 1 << 5                          // leaf 7, ebx
		f, bw, vl                       = 1 << 16, 1 << 30, 1 << 31       // leaf 7, ebx
		vbmi2                           = 1 << 6                          // leaf 7, ecx
		ymm, zmm                        = 1<<1 | 1<<2, 1<<5 | 1<<6 | 1<<7 // registers kept
	)
	if last, _, _ := cpuid(0); last < 7 {
		return false, false
	}
	if _, _, c := cpuid(1); c&need != need {
		return false, false
	}
	_, b, c := cpuid(7)
	kept := xgetbv()
	avx2 = b&avx2Bit != 0 && kept&ymm == ymm
	return avx2, avx2 && b&(f|bw|vl) == f|bw|vl && c&vbmi2 != 0 && kept&zmm == zmm
}

// cpuid asks for the first part of a leaf.
func cpuid(leaf uint32) (a, b, c uint32)

// xgetbv returns which registers the system keeps. It needs osxsave.
func xgetbv() uint32

// classify fills out[:n] with what the n blocks of 64 bytes at text are made of. It also
// reads the six bytes behind them. n is at least 1.
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

// list512 writes the positions of the tokens of n blocks to out and returns how many there
// are. It may write up to 64 numbers behind them. n is at least 1.
//
//go:noescape
func list512(blocks *block, n int, out *uint32) int
