// SPDX-License-Identifier: Apache-2.0

package filter_test

import (
	"flag"
	"testing"

	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

var soupPairs = flag.Int("soup", 50_000, "how many pairs of condition and event TestSoup compares")

// TestSoup compares, on conditions and events of byte soup, the naive evaluator, the compiled
// conditions, and the engine with its index, as each version of Falco.
func TestSoup(t *testing.T) {
	for _, v := range []compat.Version{compat.V045, compat.V044} {
		t.Run(v.String(), func(t *testing.T) {
			var sum soupSum
			for seed := uint64(1); sum.pairs < *soupPairs; seed++ {
				soupRound(t, v, seed, &sum)
			}
			t.Logf("%d pairs, %d true, %d of %d conditions refused, %d times a witness excluded a predicate",
				sum.pairs, sum.trues, sum.refused, sum.conds, sum.sharp)
			if sum.trues < sum.pairs/20 || sum.refused > sum.conds/10 || sum.sharp < sum.pairs/20 {
				t.Error("the generator does not test what it should")
			}
		})
	}
}

type soupSum struct{ pairs, trues, conds, refused, sharp int }

// soupMatches notes the pairs of event and condition that the engine reports.
type soupMatches map[[2]int]bool

func (m soupMatches) Match(b *event.Batch, row int, r *rules.Rule, _ *filter.Env) {
	m[[2]int{int(b.Events[row].Num) - 1, r.ID}] = true
}

func soupRound(t *testing.T, v compat.Version, seed uint64, sum *soupSum) {
	t.Helper()
	s := filter.NewSoup(t, seed, v, 50, 100)
	scope := s.Scope()
	src := &rules.SourceRules{Source: scope.Source, Layout: scope.Layout}
	for i, n := range s.Conditions {
		sum.conds++
		text := n.String()
		parsed, err := filter.Parse(text, filter.MaxDepth, v)
		if err != nil || !filter.Same(parsed, n) {
			t.Fatalf("seed %d: %q: parsed as %v, %v", seed, text, parsed, err)
		}
		cond, _, err := filter.Compile(parsed, scope)
		if err != nil {
			sum.refused++
			continue
		}
		src.Rules = append(src.Rules, &rules.Rule{ID: i, Name: text, Cond: cond})
	}
	found := soupRun(t, s, src)
	env := &filter.Env{Arena: event.NewArena(nil, nil)}
	for k, line := range s.Lines {
		env.Row = s.Row(k, scope.Layout)
		for _, r := range src.Rules {
			sum.pairs++
			want, got, index := s.Naive(r.ID, k), r.Cond.Eval(env), found[[2]int{k, r.ID}]
			if got != want || index != want {
				t.Fatalf("seed %d: %q\non %q: evaluated %v, by the index %v, want %v", seed, r.Name, line, got, index, want)
			}
			if want {
				sum.trues++
			}
			sum.sharp += s.CheckWitnesses(t, r.Cond, env, k)
			env.Arena.Reset()
		}
	}
}

// soupRun has the engine find all matches.
func soupRun(t *testing.T, s *filter.Soup, src *rules.SourceRules) soupMatches {
	t.Helper()
	p, err := engine.New(src, engine.Options{MatchAll: true})
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(len(s.Lines), event.NewArena(nil, nil))
	b.Source = src.Source
	for k, line := range s.Lines {
		b.Add(1, 1, []byte(line))
		b.Events[k].Num = uint64(k + 1)
	}
	found := soupMatches{}
	if err := p.NewWorker().Run(b, found); err != nil {
		t.Fatal(err)
	}
	return found
}
