// SPDX-License-Identifier: Apache-2.0

package pipeline

import "sync"

const (
	// maxSpare is how many slices an [alertBytes] keeps. More are in use at a time only
	// while destinations are slow.
	maxSpare = 32
	// maxSpareSize is how large they may be; a batch of nothing but alerts has more than
	// that only if these are long.
	maxSpareSize = 256 << 10
)

// alertBytes keeps the bytes of alerts that all destinations are done with, for those of
// later batches. It is safe for concurrent use; the zero value is empty.
type alertBytes struct {
	mu    sync.Mutex
	spare [][]byte
}

// get returns an empty slice with room for at least size bytes. One that is too small goes,
// as it would stand before larger ones for ever.
func (a *alertBytes) get(size int) (b []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.spare); n > 0 {
		b = a.spare[n-1]
		a.spare[n-1] = nil
		a.spare = a.spare[:n-1]
	}
	if cap(b) < size {
		b = make([]byte, 0, size)
	}
	return b
}

// put gives back b, which nobody looks at any more.
func (a *alertBytes) put(b []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.spare) < maxSpare && cap(b) <= maxSpareSize {
		a.spare = append(a.spare, b[:0])
	}
}
