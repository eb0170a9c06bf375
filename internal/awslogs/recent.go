// SPDX-License-Identifier: Apache-2.0

package awslogs

// recent is a set of the last n things that were added. It is for one goroutine at a time.
type recent struct {
	ring []string
	next int
	set  map[string]bool
}

func newRecent(n int) *recent { return &recent{ring: make([]string, n), set: map[string]bool{}} }

// add adds s and reports whether it was not there.
func (r *recent) add(s string) bool {
	if r.set[s] {
		return false
	}
	delete(r.set, r.ring[r.next])
	r.ring[r.next] = s
	r.next = (r.next + 1) % len(r.ring)
	r.set[s] = true
	return true
}

func (r *recent) has(s string) bool { return r.set[s] }
