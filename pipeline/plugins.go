// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"errors"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
)

// companions are the plugins that parse events of a stream, inject events, or listen to its
// start and end.
type companions struct {
	in       *Input
	queue    *asyncQueue // nil unless the input is live and plugins inject events
	routines *host.Routines

	// What was started; it is stopped in this order.
	injecting []host.AsyncSource
	listening []host.Listener

	parses  bool                     // there are parsers, so the input has one worker
	parsers map[string][]host.Parser // by event source, in load order; filled on demand
}

func newCompanions(in *Input, cfg *Config) *companions {
	c := &companions{
		in: in, parses: in.parse(), parsers: map[string][]host.Parser{},
		routines: host.NewRoutines(cfg.Log),
	}
	if in.Live {
		for _, p := range in.Plugins {
			if p.Module().Info().Caps.Has(host.Async) {
				c.queue = &asyncQueue{source: in.Name, id: in.PluginID, now: cfg.Now, log: cfg.Log}
			}
		}
	}
	return c
}

// parse reports whether a plugin parses events, which are then processed one by one.
func (in *Input) parse() bool {
	for _, p := range in.Plugins {
		if p.Module().Info().Caps.Has(host.Parsing) {
			return true
		}
	}
	return false
}

// open notifies the plugins that the stream is open. close must be called even after an error.
func (c *companions) open() error {
	for _, p := range c.in.Plugins {
		info := p.Module().Info()
		if a, ok := p.(host.AsyncSource); ok && c.queue != nil && info.Caps.Has(host.Async) {
			if err := a.StartAsync(c.in.Name, c.queue.emitter(info)); err != nil {
				return err
			}
			c.injecting = append(c.injecting, a)
		}
	}
	for _, p := range c.in.Plugins {
		if l, ok := p.(host.Listener); ok && p.Module().Info().Caps.Has(host.Listening) {
			if err := l.CaptureOpen(c.routines); err != nil {
				return err
			}
			c.listening = append(c.listening, l)
		}
	}
	return c.dumpStates()
}

// dumpStates lets plugins describe their state at the start of a recording.
func (c *companions) dumpStates() error {
	if c.in.Recorder == nil {
		return nil
	}
	for _, p := range c.in.Plugins {
		info := p.Module().Info()
		d, ok := p.(host.StateDumper)
		if !ok || !info.Caps.Has(host.Async) {
			continue
		}
		err := d.DumpState(c.in.Name, func(name string, at uint64, data []byte) error {
			if err := host.CheckAsyncEvent(info, name, c.in.Name); err != nil {
				return err
			}
			if at == 0 || at == abi.NoTime {
				at = uint64(time.Now().UnixNano())
			}
			return c.in.Recorder.Write(c.in.Name, &event.Event{Time: at, PluginID: c.in.PluginID, Type: abi.AsyncEvent, Name: name, Data: data})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stopInjecting stops the injection of events. close calls it again.
func (c *companions) stopInjecting() (err error) {
	for _, a := range c.injecting {
		err = errors.Join(err, a.StopAsync())
	}
	c.injecting = nil
	return err
}

// close notifies the plugins that the stream will be closed.
func (c *companions) close() error {
	err := c.stopInjecting()
	for _, l := range c.listening {
		err = errors.Join(err, l.CaptureClose(c.routines))
	}
	c.listening = nil
	c.routines.Stop()
	if c.queue != nil {
		c.queue.finish()
	}
	return err
}

// parsersOf returns the plugins that parse events of the source.
func (c *companions) parsersOf(source string) []host.Parser {
	list, known := c.parsers[source]
	if known || !c.parses {
		return list
	}
	for _, p := range c.in.Plugins {
		if s, ok := p.(host.Parser); ok && p.Module().Info().ParsesFrom(source) {
			list = append(list, s)
		}
	}
	c.parsers[source] = list
	return list
}

// parse passes a batch of one event to the parsers. Failures are counted in [host.Failures]; the
// event is processed nevertheless.
func parse(one *event.Batch, parsers []host.Parser) {
	for _, s := range parsers {
		_ = s.Parse(one, 0)
	}
}

// step parses and evaluates the events of a batch one by one, so that the fields of an event do
// not depend on later ones.
func (w *worker) step(b *event.Batch, parsers []host.Parser, e *engine.Worker) error {
	one := event.Batch{Source: b.Source, Start: b.Start, Max: 1, Arena: b.Arena}
	for i := range b.Events {
		one.Events = b.Events[i : i+1 : i+1]
		parse(&one, parsers)
		if e == nil {
			continue
		}
		if err := e.Run(&one, w); err != nil {
			return err
		}
	}
	return nil
}
