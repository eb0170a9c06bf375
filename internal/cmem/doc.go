// SPDX-License-Identifier: Apache-2.0

// Package cmem allocates memory that C may keep. It is outside the Go heap, so its address
// never changes and the garbage collector neither scans nor frees it. The caller frees it,
// once. Without cgo the functions use the Go heap.
//
// Alloc and Free can be passed to [event.NewArena]. All functions are safe for concurrent use.
package cmem

import "sync/atomic"

// live counts the bytes that are allocated and not freed.
var live atomic.Int64

// Live returns the number of bytes that are allocated and not freed. Tests use it to detect
// leaks.
func Live() int64 { return live.Load() }
