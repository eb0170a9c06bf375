// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// func scanGrams(text *byte, n, at int, t *gramTables) (block int, mask uint64)
//
// SI the block's first byte, CX positions left. Z16 to Z23 are the tables, two for each
// byte of a gram. K1 has a bit for each position of the block.
TEXT ·scanGrams(SB), NOSPLIT, $0-48
	MOVQ      text+0(FP), SI
	MOVQ      n+8(FP), CX
	MOVQ      at+16(FP), DX
	MOVQ      t+24(FP), AX
	VMOVDQU64 0(AX), Z16
	VMOVDQU64 64(AX), Z17
	VMOVDQU64 128(AX), Z18
	VMOVDQU64 192(AX), Z19
	VMOVDQU64 256(AX), Z20
	VMOVDQU64 320(AX), Z21
	VMOVDQU64 384(AX), Z22
	VMOVDQU64 448(AX), Z23
	ADDQ      DX, SI
	SUBQ      DX, CX
	KXNORQ    K1, K1, K1

block:
	CMPQ CX, $64
	JLT  last

look:
	// What K1 leaves out is not read.
	VMOVDQU8.Z 0(SI), K1, Z0
	VMOVDQU8.Z 1(SI), K1, Z1
	VMOVDQU8.Z 2(SI), K1, Z2
	VMOVDQU8.Z 3(SI), K1, Z3
	VPERMI2B   Z17, Z16, Z0
	VPERMI2B   Z19, Z18, Z1
	VPERMI2B   Z21, Z20, Z2
	VPERMI2B   Z23, Z22, Z3
	VPANDQ     Z1, Z0, Z0
	VPTERNLOGQ $0x80, Z3, Z2, Z0
	VPTESTMB   Z0, Z0, K1, K2
	KMOVQ      K2, AX
	TESTQ      AX, AX
	JNZ        found
	ADDQ       $64, DX
	ADDQ       $64, SI
	SUBQ       $64, CX
	JG         block

found:
	MOVQ DX, block+32(FP)
	MOVQ AX, mask+40(FP)
	VZEROUPPER
	RET

last:
	MOVQ   $-1, AX
	BZHIQ  CX, AX, AX
	KMOVQ  AX, K1
	JMP    look
