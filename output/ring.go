// SPDX-License-Identifier: Apache-2.0

package output

import "github.com/gyr-dev/gyr/alert"

// ring is a queue of alerts. It grows as needed and keeps its memory.
type ring struct {
	buf  []alert.Alert // its length is a power of two, or 0
	head int           // index of the first
	n    int
}

// push appends copies of the alerts.
func (r *ring) push(alerts []alert.Alert) {
	if r.n+len(alerts) > len(r.buf) {
		r.grow(r.n + len(alerts))
	}
	at := (r.head + r.n) & (len(r.buf) - 1)
	k := copy(r.buf[at:], alerts)
	copy(r.buf, alerts[k:])
	r.n += len(alerts)
}

// grow moves the alerts into a larger buffer. The old one stays as it is for a worker that
// reads it.
func (r *ring) grow(least int) {
	size := max(2*len(r.buf), 64)
	for size < least {
		size *= 2
	}
	buf := make([]alert.Alert, size)
	k := copy(buf, r.front())
	copy(buf[k:], r.buf[:r.n-k])
	r.buf, r.head = buf, 0
}

// front returns the first alerts, as many as lie together. They may be read until they are
// dropped, even while others are pushed.
func (r *ring) front() []alert.Alert {
	return r.buf[r.head:min(r.head+r.n, len(r.buf))]
}

// drop removes the first n alerts, n being at most their number.
func (r *ring) drop(n int) {
	for n > 0 {
		part := r.front()
		part = part[:min(n, len(part))]
		clear(part)
		r.head = (r.head + len(part)) & (len(r.buf) - 1)
		r.n -= len(part)
		n -= len(part)
	}
}
