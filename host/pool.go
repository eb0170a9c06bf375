// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"log/slog"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/sdk"
)

// Pool is a [Plugin] of several states of one module: the first state does everything, the others
// only extract fields. An extraction uses a free state, or waits for one, so that as many batches
// are extracted in parallel as there are states.
//
// It is for libraries, whose states run one call at a time. Every state is initialized, with all
// side effects of the plugin's init.
type Pool struct {
	Plugin            // the first state
	others []Plugin   // the others
	free   chan int32 // free states; has room for all
}

// NewPool returns a pool of first and others, which it closes with itself. The first state is not
// used for extraction if there are others, since it may be busy reading its source.
func NewPool(first Plugin, others []Plugin) *Pool {
	p := &Pool{Plugin: first, others: others, free: make(chan int32, len(others))}
	for i := range others {
		p.free <- int32(i)
	}
	return p
}

// Concurrent returns true: several goroutines can use plans.
func (p *Pool) Concurrent() bool { return true }

// Plan implements [fields.Extractor]. Every state has its own plan.
func (p *Pool) Plan(wants []fields.Want) (fields.Plan, error) {
	plans := make([]fields.Plan, len(p.others))
	for i, o := range p.others {
		var err error
		if plans[i], err = o.Plan(wants); err != nil {
			return nil, err
		}
	}
	return &poolPlan{p, plans}, nil
}

// Metrics implements [Metered] with the metrics of the first state.
func (p *Pool) Metrics() []sdk.Metric {
	if m, ok := p.Plugin.(Metered); ok {
		return m.Metrics()
	}
	return nil
}

// Failures implements [Failing] with the failures of the module, which all states share.
func (p *Pool) Failures() *Failures {
	if f, ok := p.Plugin.(Failing); ok {
		return f.Failures()
	}
	return NewFailures("", slog.New(slog.DiscardHandler))
}

// SetConfig implements [ConfigSetter] for all states, one after the other. If a state rejects the
// configuration, it returns that error, and the states before it keep the new configuration.
func (p *Pool) SetConfig(config string) (ok bool, err error) {
	for _, s := range append([]Plugin{p.Plugin}, p.others...) {
		c, can := s.(ConfigSetter)
		if !can {
			return false, nil
		}
		if ok, err = c.SetConfig(config); !ok || err != nil {
			return ok, err
		}
	}
	return true, nil
}

// Close closes all states.
func (p *Pool) Close() error {
	errs := []error{p.Plugin.Close()}
	for _, o := range p.others {
		errs = append(errs, o.Close())
	}
	return errors.Join(errs...)
}

type poolPlan struct {
	pool  *Pool
	plans []fields.Plan // by state
}

// Extract implements [fields.Plan].
func (pl *poolPlan) Extract(b *event.Batch, rows []int32, t *fields.Table) error {
	i := <-pl.pool.free
	defer func() { pl.pool.free <- i }()
	return pl.plans[i].Extract(b, rows, t)
}
