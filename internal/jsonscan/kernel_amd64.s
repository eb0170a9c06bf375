// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// BYTES puts a bit for every byte of Y0 and Y1 that equals the bytes of c into out. It
// uses Y2, Y3 and tmp.
#define BYTES(c, out, tmp) \
	VPCMPEQB  c, Y0, Y2   \
	VPCMPEQB  c, Y1, Y3   \
	VPMOVMSKB Y2, out     \
	VPMOVMSKB Y3, tmp     \
	SHLQ      $32, tmp    \
	ORQ       tmp, out

// SPREAD fills y with the byte b.
#define SPREAD(b, x, y) \
	MOVL         $b, AX \
	VMOVD        AX, x  \
	VPBROADCASTB x, y

// func classify256(text *byte, n int, out *block, s *state, mark *[2]byte)
//
// SI text, CX blocks left, DI out; R8 1 if the next byte is escaped, R9 all ones if it is
// inside a string, 0 if not.
TEXT ·classify256(SB), NOSPLIT, $24-40
	SPREAD('"', X15, Y15)
	SPREAD('\\', X14, Y14)
	SPREAD(0x20, X13, Y13)
	SPREAD('{', X12, Y12)
	SPREAD('}', X11, Y11)
	MOVQ         mark+32(FP), AX
	VPBROADCASTB (AX), Y10
	VPBROADCASTB 1(AX), Y9
	VPCMPEQB     X8, X8, X8
	MOVQ         text+0(FP), SI
	MOVQ         n+8(FP), CX
	MOVQ         out+16(FP), DI
	MOVQ         s+24(FP), AX
	MOVQ         0(AX), R8
	MOVQ         8(AX), R9
	MOVQ         16(AX), DX
	MOVQ         DX, odd-8(SP)
	MOVQ         32(AX), DX
	MOVQ         DX, blanks-16(SP)
	VPCMPEQB     Y7, Y7, Y7

loop:
	VMOVDQU (SI), Y0
	VMOVDQU 32(SI), Y1

	// AX: quotes. R10: those followed by the marks.
	VPCMPEQB  Y15, Y0, Y2
	VPCMPEQB  Y15, Y1, Y3
	VPMOVMSKB Y2, AX
	VPMOVMSKB Y3, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	VPCMPEQB  1(SI), Y10, Y4
	VPCMPEQB  33(SI), Y10, Y5
	VPAND     Y4, Y2, Y2
	VPAND     Y5, Y3, Y3
	VPCMPEQB  6(SI), Y9, Y4
	VPCMPEQB  38(SI), Y9, Y5
	VPAND     Y4, Y2, Y2
	VPAND     Y5, Y3, Y3
	VPMOVMSKB Y2, R10
	VPMOVMSKB Y3, BX
	SHLQ      $32, BX
	ORQ       BX, R10

	// Y7: the least of all bytes. blank: those up to the space.
	VPMINUB   Y0, Y7, Y7
	VPMINUB   Y1, Y7, Y7
	VPMINUB   Y13, Y0, Y2
	VPMINUB   Y13, Y1, Y3
	VPCMPEQB  Y2, Y0, Y2
	VPCMPEQB  Y3, Y1, Y3
	VPMOVMSKB Y2, DX
	VPMOVMSKB Y3, BX
	SHLQ      $32, BX
	ORQ       BX, DX
	MOVQ      DX, blank-24(SP)

	// R11: backslashes. R12, R13: brackets that open and close; [ and ] are { and }
	// without the bit 0x20.
	BYTES(Y14, R11, BX)
	VPOR Y13, Y0, Y0
	VPOR Y13, Y1, Y1
	BYTES(Y12, R12, BX)
	BYTES(Y11, R13, BX)

	MOVQ R11, BX
	ORQ  R8, BX
	JNZ  escapes

strings:
	// DX: the bytes in strings, their first quote included, the last not: one bit for
	// every byte with an odd number of quotes before or at it.
	VMOVQ      AX, X0
	VPCLMULQDQ $0, X8, X0, X0
	VMOVQ      X0, DX
	XORQ       R9, DX
	MOVQ       DX, R9
	SARQ       $63, R9
	ANDQ       AX, R10
	ANDQ       DX, R10
	NOTQ       DX
	ANDQ       DX, AX
	ANDQ       DX, R12
	ANDQ       DX, R13
	ANDQ       DX, R11
	ORQ        R11, odd-8(SP)
	ANDQ       blank-24(SP), DX
	ORQ        DX, blanks-16(SP)
	MOVQ       AX, 0(DI)
	MOVQ       R12, 8(DI)
	MOVQ       R13, 16(DI)
	MOVQ       R10, 24(DI)
	ADDQ       $32, DI
	ADDQ       $64, SI
	DECQ       CX
	JNZ        loop

	MOVQ s+24(FP), AX
	MOVQ R8, 0(AX)
	MOVQ R9, 8(AX)
	MOVQ odd-8(SP), DX
	MOVQ DX, 16(AX)
	MOVQ blanks-16(SP), DX
	MOVQ DX, 32(AX)
	VPXOR     Y6, Y6, Y6
	VPCMPEQB  Y6, Y7, Y7
	VPMOVMSKB Y7, DX
	ORQ       DX, 40(AX)
	VZEROUPPER
	RET

escapes:
	// Takes the quotes behind an odd number of backslashes out of AX. A run of them that
	// starts at an odd place and one that starts at an even place are told apart by
	// adding their starts: the carry runs to their ends.
	MOVQ  s+24(FP), BX
	MOVQ  $1, DX
	MOVQ  DX, 24(BX)
	MOVQ  R8, BX
	NOTQ  BX
	ANDQ  R11, BX      // backslashes that are not escaped by the block before
	MOVQ  BX, DX
	ADDQ  DX, DX
	ORQ   R8, DX       // bytes behind a backslash
	MOVQ  DX, R8
	NOTQ  R8
	ANDQ  BX, R8       // starts of runs
	VMOVQ R10, X1
	MOVQ  $0xAAAAAAAAAAAAAAAA, R10
	ANDQ  R10, R8      // at odd places
	ADDQ  R8, BX
	SBBQ  R8, R8
	NEGQ  R8           // the carry: the next block's first byte is escaped
	ADDQ  BX, BX
	NOTQ  R10
	XORQ  R10, BX
	ANDQ  DX, BX       // escaped bytes
	VMOVQ X1, R10
	NOTQ  BX
	ANDQ  BX, AX
	JMP   strings
