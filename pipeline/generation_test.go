// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"weak"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
)

// inStep is a source that fills a batch whenever somebody receives from turn, until it is
// closed by end.
type inStep struct {
	turn chan struct{}
	end  chan struct{}
}

func (s *inStep) Next(ctx context.Context, b *event.Batch) error {
	select {
	case s.turn <- struct{}{}:
	case <-s.end:
		return io.EOF
	case <-ctx.Done():
		return nil
	}
	for range 3 {
		b.Add(3, 1, []byte("x"))
	}
	return nil
}

func (s *inStep) Close() error { return nil }

// Two generations take turns while batches are read and evaluated. Every event is evaluated
// once, by one of them, and its alert is written as that one says.
func TestSwapUnderLoad(t *testing.T) {
	const swaps = 10_000
	a, b := generationOf(t, "a", "x", alert.Encoder{}), generationOf(t, "b", "x", alert.Encoder{JSON: true, IncludeOutput: true})
	src, k := &inStep{make(chan struct{}), make(chan struct{})}, &keeper{}
	p := newTest(t, src, nil, func(s *setup) {
		s.Sink, s.Generation, s.Inputs[0].Workers = k, a, 3
	})
	ended := make(chan error, 1)
	go func() { ended <- p.Run(t.Context()) }()
	for i := range swaps {
		<-src.turn // a batch is being read, others are under way
		p.Swap([]*Generation{b, a}[i%2])
	}
	close(src.end)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	byRule := map[string]uint64{}
	for i, al := range k.alerts {
		byRule[al.Rule]++
		if al.Num != uint64(i+1) {
			t.Fatalf("alert %d is about event %d: an event was evaluated twice, not at all, or out of order", i+1, al.Num)
		}
		if json := al.Line[0] == '{'; json != (al.Rule == "b") {
			t.Fatalf("alert of rule %s is written as %s", al.Rule, al.Line)
		}
		if first := k.alerts[i-i%3]; first.Rule != al.Rule {
			t.Fatalf("event %d met rule %s, event %d of the same batch rule %s", first.Num, first.Rule, al.Num, al.Rule)
		}
	}
	if len(k.alerts) != 3*swaps || byRule["a"] == 0 || byRule["b"] == 0 {
		t.Errorf("%d alerts by rule %v, want %d by both", len(k.alerts), byRule, 3*swaps)
	}
	for _, r := range p.Stats().Rules {
		if r.Matches != byRule[r.Name] {
			t.Errorf("rule %s: %d matches counted, %d alerts", r.Name, r.Matches, byRule[r.Name])
		}
	}
}

// A generation is retired when the last batch that was read under it is released, not
// before.
func TestRetired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := stalled{make(chan struct{})}
		src := &inStep{make(chan struct{}), make(chan struct{})}
		k := &keeper{}
		p := newTest(t, src, rec, func(s *setup) { s.Sink, s.Generation = k, generationOf(t, "a", "x", alert.Encoder{}) })
		ended := make(chan error, 1)
		go func() { ended <- p.Run(t.Context()) }()
		<-src.turn // read under a, and held by the recorder
		synctest.Wait()
		first := p.Swap(generationOf(t, "b", "x", alert.Encoder{}))
		second := p.Swap(generationOf(t, "c", "x", alert.Encoder{}))
		synctest.Wait()
		select {
		case <-first:
			t.Error("retired while a batch of it is not released")
		default:
		}
		select {
		case <-second:
		default:
			t.Error("no batch was read under the second one, and it is not retired")
		}
		<-src.turn
		close(rec.until)
		<-first
		close(src.end)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		third := p.Swap(generationOf(t, "d", "x", alert.Encoder{}))
		select {
		case <-third:
		default:
			t.Error("not retired after the end")
		}
		if got := k.lines(); strings.Count(got, "\n") != 5 || k.alerts[2].Rule != "a" || k.alerts[3].Rule != "c" {
			t.Errorf("alerts %v", k.alerts)
		}
	})
}

// Counts of matches belong to the names of rules: they go on over a swap, and those of a
// rule that is gone are kept.
func TestCountsSurviveASwap(t *testing.T) {
	rule := func(name, priority string) string {
		return "- {rule: " + name + ", desc: d, condition: t.data contains " + name + ", output: o, priority: " + priority + ", source: dummy}\n"
	}
	src := &stream{}
	p := newTest(t, src, nil, func(s *setup) {
		s.Sink, s.Generation = &keeper{}, rulesOf(t, rule("x", "INFO")+rule("gone", "INFO"))
	})
	next := rulesOf(t, rule("new", "INFO")+rule("x", "ERROR")) // x has another ID
	feed := func(payloads ...string) {
		for _, text := range payloads {
			b := event.NewBatch(1, event.NewArena(nil, nil))
			b.Source = "dummy"
			b.Add(3, 1, []byte(text))
			j := &job{batch: b, gen: p.generation(), ready: make(chan struct{}, 1)}
			j.program = j.gen.Programs["dummy"]
			newWorker(p, p.lanes[0].plugins).finish(j)
			p.stats.add(j)
			j.gen.release()
		}
	}
	feed("x", "gone", "gone")
	p.Swap(next)
	feed("x", "new", "gone")
	want := []RuleStats{{"x", alert.Error, 2}, {"gone", alert.Informational, 2}, {"new", alert.Informational, 1}}
	if got := p.Stats().Rules; !slices.Equal(got, want) {
		t.Errorf("counts %v, want %v", got, want)
	}
}

// Nothing keeps a generation alive that is retired, though workers and the reader wait.
func TestOldProgramsAreForgotten(t *testing.T) {
	src := &inStep{make(chan struct{}), make(chan struct{})}
	p := newTest(t, src, nil, func(s *setup) { s.Sink, s.Inputs[0].Workers = &keeper{}, 3 })
	old := func() weak.Pointer[engine.Program] {
		g := generationOf(t, "old", "x", alert.Encoder{})
		p.Swap(g)
		return weak.Make(g.Programs["dummy"])
	}()
	ended := make(chan error, 1)
	go func() { ended <- p.Run(t.Context()) }()
	for range 50 {
		<-src.turn
	}
	<-p.Swap(&Generation{})
	for old.Value() != nil { // the test's time limit is the only one
		runtime.GC()
	}
	close(src.end)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// A batch that was evaluated under a generation fails under none but that.
func TestErrorsOfAGenerationEndTheStream(t *testing.T) {
	boom := errors.New("boom")
	p := newTest(t, &stream{steps: []step{{times: []uint64{1}}, {times: []uint64{2}}}}, nil, func(s *setup) {
		s.Generation = generationOf(t, "a", "x", alert.Encoder{})
		s.Evaluate = func(*engine.Worker, *event.Batch, engine.Handler) error { return boom }
	})
	if err := p.Run(t.Context()); !errors.Is(err, boom) {
		t.Errorf("error %v, want boom", err)
	}
	select {
	case <-p.Swap(&Generation{}):
	default:
		t.Error("not retired")
	}
}

// TestABatchKeepsItsGeneration: a batch that is evaluated while the generation is exchanged is
// evaluated and written as the one says under which it was read.
func TestABatchKeepsItsGeneration(t *testing.T) {
	a, b := generationOf(t, "a", "x", alert.Encoder{}), generationOf(t, "b", "x", alert.Encoder{JSON: true, IncludeOutput: true})
	src, k := &stream{steps: []step{{times: []uint64{1}}}}, &keeper{}
	var p *Pipeline
	p = newTest(t, src, nil, func(s *setup) {
		s.Sink, s.Generation = k, a
		s.Evaluate = func(w *engine.Worker, batch *event.Batch, h engine.Handler) error {
			p.Swap(b)
			return w.Run(batch, h)
		}
	})
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(k.alerts) != 1 || k.alerts[0].Rule != "a" || k.alerts[0].Line[0] == '{' {
		t.Errorf("alerts %+v, want one of rule a, as text", k.alerts)
	}
}
