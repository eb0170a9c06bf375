// SPDX-License-Identifier: Apache-2.0

// Package cmem hands out memory that C may keep: outside the Go heap, so that its
// address never changes and the garbage collector neither scans nor frees it. Whoever
// allocates frees, once. Without cgo there is no C to keep anything, and the same
// functions use the Go heap.
//
// Alloc and Free are the pair that [event.NewArena] wants. All functions may be called
// from several goroutines at once.
package cmem

import "sync/atomic"

// live counts the bytes that were allocated and not freed.
var live atomic.Int64

// Live returns how many bytes are allocated and not freed: 0 at the end of a test that
// leaks nothing.
func Live() int64 { return live.Load() }
