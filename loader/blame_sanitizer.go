// SPDX-License-Identifier: Apache-2.0

//go:build cgo && (race || asan || msan)

package loader

// goExits says that Go ends the process with the exit function of C.
const goExits = true
