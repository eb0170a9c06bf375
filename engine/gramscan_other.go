// SPDX-License-Identifier: Apache-2.0

//go:build !amd64

package engine

// hasGramScan reports whether scanGrams exists for this processor.
const hasGramScan = false

func scanGrams(*byte, int, int, *gramTables) (int, uint64) {
	panic("engine: scanGrams is not available")
}
