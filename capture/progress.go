// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"io"
	"sync/atomic"
)

// progress counts the bytes read from a file.
type progress struct {
	src  io.Reader
	size int64
	done atomic.Int64
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.src.Read(b)
	p.done.Add(int64(n))
	return n, err
}

// share is safe for concurrent use.
func (p *progress) share() (share float64, text string) {
	done := p.done.Load()
	text = fmt.Sprintf("%.1f/%.1f MB", float64(done)/1e6, float64(p.size)/1e6)
	if p.size <= 0 {
		return 0, text
	}
	return min(1, float64(done)/float64(p.size)), text
}
