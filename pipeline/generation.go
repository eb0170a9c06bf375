// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"sync"
	"sync/atomic"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
)

// Generation is what one configuration does with events: which rules they meet and how
// alerts are written. It is immutable once a pipeline has it. [Pipeline.Swap] exchanges it
// as a whole, so that a batch never meets the rules of one configuration and the encoder of
// another.
type Generation struct {
	// Programs are the rules by event source. Events of a source without one are counted
	// and not evaluated. The IDs of the rules are unique among all programs.
	Programs map[string]*engine.Program
	// Encoder writes the alerts.
	Encoder alert.Encoder
}

// generation is a Generation in use. The reader takes it for each batch, the batch's job
// carries it, and the sequencer gives it back.
type generation struct {
	*Generation
	counts []*ruleCount // by rule ID

	// The workers' engines go with the generation: a worker that waits for a batch keeps
	// none of them alive.
	mu      sync.Mutex
	engines map[engineKey]*engine.Worker

	users   atomic.Int64 // the batches that have it, and the pipeline until Swap
	once    sync.Once
	retired chan struct{} // closed when it has no user any more
}

type engineKey struct {
	w *worker
	p *engine.Program
}

// engine returns the worker's engine for a program.
func (g *generation) engine(w *worker, p *engine.Program) *engine.Worker {
	g.mu.Lock()
	defer g.mu.Unlock()
	k := engineKey{w, p}
	e := g.engines[k]
	if e == nil {
		e = p.NewWorker()
		g.engines[k] = e
	}
	return e
}

// Swap has all batches that are read from now on evaluated by g. It may be called from any
// goroutine, before, during and after Run. The channel that it returns is closed when no
// batch uses the generation before g any more: the plugins and extractors that only that
// one refers to are not called after this. If Run returned [ErrStuck] it may stay open.
func (p *Pipeline) Swap(g *Generation) <-chan struct{} {
	old := p.current.Swap(p.newGeneration(g))
	old.release()
	return old.retired
}

func (p *Pipeline) newGeneration(g *Generation) *generation {
	n := &generation{
		Generation: g, counts: p.stats.countersOf(g),
		engines: map[engineKey]*engine.Worker{}, retired: make(chan struct{}),
	}
	n.users.Store(1)
	return n
}

// generation returns the present generation, for a batch; see release.
func (p *Pipeline) generation() *generation {
	for {
		g := p.current.Load()
		g.users.Add(1)
		if p.current.Load() == g {
			return g // Swap, which gives up its own use later, has not come in between
		}
		g.release()
	}
}

// Hold keeps the present generation in use until release is called, as a batch does.
func (p *Pipeline) Hold() (release func()) { return p.generation().release }

// release ends one use.
func (g *generation) release() {
	if g.users.Add(-1) == 0 {
		g.once.Do(func() { close(g.retired) })
	}
}
