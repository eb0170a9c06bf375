// SPDX-License-Identifier: Apache-2.0

//go:build !amd64

package jsonscan

const (
	hasKernel = false
	has512    = false
)

func classify(*byte, int, *block, *state, *[2]byte) { panic("no kernel") }

func list512(*block, int, *uint32) int { panic("no kernel") }
