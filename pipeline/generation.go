// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"sync"
	"sync/atomic"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
)

// Generation holds the rules and the format of alerts of one configuration. It must not change
// once a pipeline uses it. [Pipeline.Swap] replaces it as a whole, so that a batch never uses the
// rules of one configuration and the encoder of another.
type Generation struct {
	// Programs holds the rules by event source. Events of a source without a program are
	// counted but not evaluated. Rule IDs must be unique across all programs.
	Programs map[string]*engine.Program
	// Encoder renders the alerts.
	Encoder alert.Encoder
}

// generation is a Generation in use. The reader acquires it for each batch, the batch's job holds
// it, and the sequencer releases it.
type generation struct {
	*Generation
	counts []*ruleCount // by rule ID

	// The workers' engines belong to the generation, so that an idle worker keeps no engine
	// alive.
	mu      sync.Mutex
	engines map[engineKey]*engine.Worker

	users   atomic.Int64 // number of batches that use it, plus one for the pipeline until Swap
	once    sync.Once
	retired chan struct{} // closed when it is no longer used
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

// Swap uses g for all batches that are read from now on. It may be called from any goroutine,
// before, during and after Run. The returned channel is closed when no batch uses the previous
// generation: plugins and extractors that only that one refers to are not called afterwards. If
// Run returned [ErrStuck], the channel may stay open.
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

// generation acquires the current generation for a batch; see release.
func (p *Pipeline) generation() *generation {
	for {
		g := p.current.Load()
		g.users.Add(1)
		if p.current.Load() == g {
			return g // no Swap in between: it releases the generation later
		}
		g.release()
	}
}

// Hold acquires the current generation, like a batch, until release is called.
func (p *Pipeline) Hold() (release func()) { return p.generation().release }

// release releases one use.
func (g *generation) release() {
	if g.users.Add(-1) == 0 {
		g.once.Do(func() { close(g.retired) })
	}
}
