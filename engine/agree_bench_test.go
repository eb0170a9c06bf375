// SPDX-License-Identifier: Apache-2.0

package engine_test

import (
	"slices"
	"testing"

	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/internal/rulegen"
	"github.com/gyr-dev/gyr/rules"
)

// verdicts notes the pairs of event and rule that are reported.
type verdicts struct {
	base int // number of the first event of the batch
	got  [][2]int
}

func (v *verdicts) Match(_ *event.Batch, row int, r *rules.Rule, _ *filter.Env) {
	v.got = append(v.got, [2]int{v.base + row, r.ID})
}

// naive extracts all fields of all events and evaluates all rules on them, in order.
func naive(t *testing.T, src *rules.SourceRules, list []*event.Batch) (out [][2]int) {
	t.Helper()
	var wants []fields.Want
	for cell, ref := range src.Layout.Refs() {
		wants = append(wants, fields.Want{Ref: ref, Cell: cell})
	}
	plan, err := wants[0].Ref.Field.Owner.Plan(wants)
	if err != nil {
		t.Fatal(err)
	}
	base := 0
	for _, b := range list {
		var table fields.Table
		table.Resize(len(b.Events), len(wants))
		var rows []int32
		for i := range b.Events {
			rows = append(rows, int32(i))
		}
		if err := plan.Extract(b, rows, &table); err != nil {
			t.Fatal(err)
		}
		for i := range b.Events {
			env := filter.Env{Row: table.Row(i), Arena: b.Arena}
			for _, r := range src.Rules {
				if r.Cond.Eval(&env) {
					out = append(out, [2]int{base + i, r.ID})
				}
			}
		}
		base += len(b.Events)
		b.Arena.Reset()
	}
	return out
}

// TestMixedRulesAgree compares the engine with evaluating everything, on a thousand mixed
// rules and thousands of CloudTrail records, and measured runs with ordinary ones.
func TestMixedRulesAgree(t *testing.T) {
	seeds := []uint64{1, 2, 3, 4}
	if testing.Short() {
		seeds = seeds[:1]
	}
	for _, seed := range seeds {
		list := batches(trail(t, seed, 3000))
		src := compile(t, rulegen.Rules(1000, seed))
		want := naive(t, src, list)
		if len(want) == 0 {
			t.Fatalf("seed %d: no rule matches any event", seed)
		}
		p, err := engine.New(src, engine.Options{MatchAll: true})
		if err != nil {
			t.Fatal(err)
		}
		for name, evaluate := range map[string]func(*engine.Worker, *event.Batch, engine.Handler) error{
			"Run": (*engine.Worker).Run,
			"RunMeasured": func(w *engine.Worker, b *event.Batch, h engine.Handler) error {
				return w.RunMeasured(b, h, &probe{})
			},
		} {
			var got verdicts
			w := p.NewWorker()
			for _, b := range list {
				if err := evaluate(w, b, &got); err != nil {
					t.Fatal(err)
				}
				got.base += len(b.Events)
				b.Arena.Reset()
			}
			if !slices.Equal(got.got, want) {
				t.Errorf("seed %d: %s finds %d matches, evaluating everything %d, or others", seed, name, len(got.got), len(want))
			}
		}
		t.Logf("seed %d: %d matches among %d events and %d rules", seed, len(want), countEvents(list), len(src.Rules))
	}
}

// TestWitnesses: an index is worth something if nearly all rules have a witness.
func TestWitnesses(t *testing.T) {
	for seed := range uint64(5) {
		s := prepare(t, rulegen.Rules(1000, seed)).Summary()
		if s.Rules != 1000 || s.Witnessed < 950 {
			t.Errorf("seed %d: %d of %d rules have a witness, want at least 950 of 1000", seed, s.Witnessed, s.Rules)
		}
	}
}
