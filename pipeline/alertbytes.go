// SPDX-License-Identifier: Apache-2.0

package pipeline

import "sync"

const (
	// maxSpare is the maximum number of slices in an [alertBytes]. More are in use only while
	// destinations are slow.
	maxSpare = 32
	// maxSpareSize is their maximum size. A batch exceeds it only with many long alerts.
	maxSpareSize = 256 << 10
)

// alertBytes keeps the memory of delivered alerts for reuse by later batches. It is safe for
// concurrent use. The zero value is empty.
type alertBytes struct {
	mu    sync.Mutex
	spare [][]byte
}

// get returns an empty slice with room for at least size bytes. It discards a slice that is too
// small, which would otherwise hide larger ones.
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

// put returns b, which must no longer be used.
func (a *alertBytes) put(b []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.spare) < maxSpare && cap(b) <= maxSpareSize {
		a.spare = append(a.spare, b[:0])
	}
}
