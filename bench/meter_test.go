// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"testing"
	"time"

	"github.com/gyr-dev/gyr/engine"
)

// TestUndisturbed: what the machine does in between does not count.
func TestUndisturbed(t *testing.T) {
	var costs []batchCost
	for _, ms := range []int{5, 300, 3, 4, 4, 80} {
		c := batchCost{events: 10}
		c.stages[engine.StageIndex] = time.Duration(ms) * time.Millisecond
		costs = append(costs, c)
	}
	sum, left := undisturbed(costs)
	if sum.events != 40 || sum.stages[engine.StageIndex] != 16*time.Millisecond || left != 2 {
		t.Errorf("%d events in %v, %d batches left out, want 40 in 16ms and 2", sum.events, sum.stages[engine.StageIndex], left)
	}
	if sum, left := undisturbed(nil); sum.events != 0 || left != 0 {
		t.Errorf("%d events and %d batches left out of none", sum.events, left)
	}
}

// TestCandidateShare: the share that 95 of 100 events stay below.
func TestCandidateShare(t *testing.T) {
	p := probe{m: &meter{}, rules: 100}
	for range 95 {
		p.Candidates(2)
	}
	for range 5 {
		p.Candidates(50)
	}
	if got := p.p95(); got != 0.02 {
		t.Errorf("p95 share %v, want 0.02", got)
	}
	p.Candidates(50)
	if got := p.p95(); got != 0.5 {
		t.Errorf("p95 share %v, want 0.5", got)
	}
}
