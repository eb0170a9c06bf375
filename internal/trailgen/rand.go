// SPDX-License-Identifier: Apache-2.0

package trailgen

import "math/rand/v2"

// random draws numbers from a PCG, whose output is specified. The derived values are computed
// here, because the standard library may change its own algorithms.
type random struct{ pcg *rand.PCG }

func newRandom(seed, stream uint64) random { return random{rand.NewPCG(seed, stream)} }

// n returns a number from 0 to n-1.
func (r random) n(n int) int { return int(r.pcg.Uint64() >> 33 % uint64(n)) }

// chance returns true in p of 1000 cases.
func (r random) chance(p int) bool { return r.n(1000) < p }

// text returns n random characters of the alphabet.
func (r random) text(n int, alphabet string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.n(len(alphabet))]
	}
	return string(b)
}

func (r random) hex(n int) string { return r.text(n, "0123456789abcdef") }

// key returns an access key or principal ID without its prefix.
func (r random) key() string { return r.text(17, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") }

func (r random) uuid() string {
	return r.hex(8) + "-" + r.hex(4) + "-4" + r.hex(3) + "-a" + r.hex(3) + "-" + r.hex(12)
}

func pick[T any](r random, from []T) T { return from[r.n(len(from))] }

// pickWeighted returns a random index into weights, in proportion to the weights.
func pickWeighted(r random, weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	x := r.n(sum)
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}
