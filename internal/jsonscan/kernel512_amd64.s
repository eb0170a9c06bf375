// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// SPREAD fills z with the byte b.
#define SPREAD(b, z) \
	MOVL         $b, AX \
	VPBROADCASTB AX, z

// func classify512(text *byte, n int, out *block, s *state, mark *[2]byte)
//
// Registers are those of classify256, Z for Y. Without marks nothing is looked for.
TEXT ·classify512(SB), NOSPLIT, $24-40
	SPREAD('"', Z15)
	SPREAD('\\', Z14)
	SPREAD(0x20, Z13)
	SPREAD('{', Z12)
	SPREAD('}', Z11)
	MOVQ         mark+32(FP), AX
	VPBROADCASTB (AX), Z10
	VPBROADCASTB 1(AX), Z9
	MOVWQZX      (AX), DX
	MOVQ         DX, marks-24(SP)
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
	KMOVQ        40(AX), K7

loop:
	// K7: whether there was a zero. K6: bytes up to the space.
	VMOVDQU64 (SI), Z0
	VPTESTNMB Z0, Z0, K6
	KORQ      K6, K7, K7
	VPCMPUB   $2, Z13, Z0, K6

	VPCMPEQB  Z15, Z0, K1
	VPCMPEQB  Z14, Z0, K3
	VPORQ     Z13, Z0, Z0
	VPCMPEQB  Z12, Z0, K4
	VPCMPEQB  Z11, Z0, K5
	KMOVQ     K1, AX
	KMOVQ     K3, R11
	KMOVQ     K4, R12
	KMOVQ     K5, R13

	XORL R10, R10
	CMPQ marks-24(SP), $0
	JEQ  marked
	VPCMPEQB 1(SI), Z10, K1, K2
	VPCMPEQB 6(SI), Z9, K2, K2
	KMOVQ    K2, R10

marked:
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
	KMOVQ      K6, BX
	ANDQ       DX, BX
	ORQ        BX, blanks-16(SP)
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
	KMOVQ K7, 40(AX)
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

// The numbers of the bytes of a block.
DATA numbers<>+0(SB)/8, $0x0706050403020100
DATA numbers<>+8(SB)/8, $0x0F0E0D0C0B0A0908
DATA numbers<>+16(SB)/8, $0x1716151413121110
DATA numbers<>+24(SB)/8, $0x1F1E1D1C1B1A1918
DATA numbers<>+32(SB)/8, $0x2726252423222120
DATA numbers<>+40(SB)/8, $0x2F2E2D2C2B2A2928
DATA numbers<>+48(SB)/8, $0x3736353433323130
DATA numbers<>+56(SB)/8, $0x3F3E3D3C3B3A3938
GLOBL numbers<>(SB), RODATA|NOPTR, $64

// func list512(blocks *block, n int, out *uint32) int
//
// SI blocks, CX blocks left, DI out, Z4 the position of the block.
TEXT ·list512(SB), NOSPLIT, $0-32
	MOVQ       blocks+0(FP), SI
	MOVQ       n+8(FP), CX
	MOVQ       out+16(FP), DI
	VMOVDQU64  numbers<>(SB), Z5
	MOVL       $64, AX
	VPBROADCASTD AX, Z3
	VPXORQ     Z4, Z4, Z4

list:
	MOVQ    0(SI), AX
	ORQ     8(SI), AX
	ORQ     16(SI), AX
	KMOVQ   AX, K1
	POPCNTQ AX, BX

	// Z0: the numbers of the bits in AX, a byte each, one after the other.
	VPCOMPRESSB.Z Z5, K1, Z0
	VPMOVZXBD     X0, Y1
	VPADDD        Y4, Y1, Y1
	VMOVDQU       Y1, (DI)
	CMPQ          BX, $8
	JHI           wide

listed:
	LEAQ   (DI)(BX*4), DI
	VPADDD Z3, Z4, Z4
	ADDQ   $32, SI
	DECQ   CX
	JNZ    list
	SUBQ   out+16(FP), DI
	SHRQ   $2, DI
	MOVQ   DI, ret+24(FP)
	VZEROUPPER
	RET

wide:
	VPMOVZXBD     X0, Z1
	VPADDD        Z4, Z1, Z1
	VMOVDQU32     Z1, (DI)
	CMPQ          BX, $16
	JLS           listed
	VEXTRACTI32X4 $1, Z0, X1
	VEXTRACTI32X4 $2, Z0, X2
	VEXTRACTI32X4 $3, Z0, X0
	VPMOVZXBD     X1, Z1
	VPMOVZXBD     X2, Z2
	VPMOVZXBD     X0, Z0
	VPADDD        Z4, Z1, Z1
	VPADDD        Z4, Z2, Z2
	VPADDD        Z4, Z0, Z0
	VMOVDQU32     Z1, 64(DI)
	VMOVDQU32     Z2, 128(DI)
	VMOVDQU32     Z0, 192(DI)
	JMP           listed
