// SPDX-License-Identifier: Apache-2.0

//go:build cgo && !race

package loader

const raceEnabled = false
