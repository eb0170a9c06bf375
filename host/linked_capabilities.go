// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/state"
)

// The optional interfaces of a linked-in plugin's state; see [Plugin].
var (
	_ TableUser    = (*linked)(nil)
	_ Parser       = (*linkedPlugin)(nil)
	_ AsyncSource  = (*linkedPlugin)(nil)
	_ StateDumper  = (*linkedPlugin)(nil)
	_ Listener     = (*linkedPlugin)(nil)
	_ Metered      = (*linkedPlugin)(nil)
	_ ConfigSetter = (*linkedPlugin)(nil)
)

// typeSet is the set of event types of a capability.
type typeSet struct{ plugin, async bool }

// typesOf converts a list to a set. An empty list means plugin events.
func typesOf(list []uint16) typeSet {
	if len(list) == 0 {
		return typeSet{plugin: true}
	}
	return typeSet{slices.Contains(list, abi.PluginEvent), slices.Contains(list, abi.AsyncEvent)}
}

func (s typeSet) has(t uint16) bool {
	return s.plugin && t == abi.PluginEvent || s.async && t == abi.AsyncEvent
}

// describeCapabilities adds all capabilities except sourcing and extraction.
func describeCapabilities(p sdk.Plugin, in *sdk.Info, info *Info) {
	if _, ok := p.(sdk.Parser); ok {
		info.Caps |= Parsing
		info.ParseSources = withOwn(in.ParseSources, in.EventSource)
	}
	if a, ok := p.(sdk.AsyncSource); ok {
		info.Caps |= Async
		info.AsyncSources = withOwn(in.AsyncSources, in.EventSource)
		info.AsyncEvents = slices.Clone(a.AsyncEvents())
	}
	if _, ok := p.(sdk.Listener); ok {
		info.Caps |= Listening
	}
}

// askTypes reads the accepted event types of an initialized plugin.
func (p *linkedPlugin) askTypes() error {
	p.extracts, p.parses = typesOf(nil), typesOf(nil)
	return guard(func() error {
		if t, ok := p.impl.(sdk.ExtractTyper); ok {
			p.extracts = typesOf(t.ExtractTypes())
		}
		if t, ok := p.impl.(sdk.ParseTyper); ok {
			p.parses = typesOf(t.ParseTypes())
		}
		return nil
	})
}

// Parse implements [Parser].
func (p *linkedPlugin) Parse(b *event.Batch, row int) (err error) {
	e := &b.Events[row]
	s, ok := p.impl.(sdk.Parser)
	if !ok || !p.parses.has(e.Type) {
		return nil
	}
	p.mu.Lock()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		p.mu.Unlock()
		if err != nil {
			p.module.failures.Add(FailParse, 1, err.Error())
			err = p.fail("parse", err)
		}
	}()
	return s.Parse(e)
}

// gate is a period in which a plugin may inject events.
type gate struct {
	p      *linkedPlugin
	source string
	emit   EmitFunc

	mu     sync.RWMutex // held for reading while emit runs
	closed bool
}

var errClosed = errors.New("events cannot be injected now")

// pass is the [sdk.EmitFunc] passed to the plugin.
func (g *gate) pass(name string, time uint64, data []byte) error {
	if err := CheckAsyncEvent(&g.p.module.info, name, g.source); err != nil {
		return err
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return errClosed
	}
	return g.emit(name, time, data)
}

func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
}

// StartAsync implements [AsyncSource].
func (p *linkedPlugin) StartAsync(source string, emit EmitFunc) error {
	a, ok := p.impl.(sdk.AsyncSource)
	if !ok {
		return p.fail("start async events", errors.New("the plugin does not inject events"))
	}
	if err := p.StopAsync(); err != nil {
		return err
	}
	p.gate = &gate{p: p, source: source, emit: emit}
	if err := guard(func() error { return a.StartAsync(p.gate.pass) }); err != nil {
		return p.fail("start async events", err)
	}
	return nil
}

// StopAsync implements [AsyncSource].
func (p *linkedPlugin) StopAsync() error {
	a, ok := p.impl.(sdk.AsyncSource)
	if !ok || p.gate == nil {
		return nil
	}
	err := guard(func() error { a.StopAsync(); return nil })
	p.gate.close()
	p.gate = nil
	if err != nil {
		return p.fail("stop async events", err)
	}
	return nil
}

// DumpState implements [StateDumper].
func (p *linkedPlugin) DumpState(source string, emit EmitFunc) error {
	d, ok := p.impl.(sdk.StateDumper)
	if !ok {
		return nil
	}
	g := &gate{p: p, source: source, emit: emit}
	defer g.close()
	if err := guard(func() error { return d.DumpState(g.pass) }); err != nil {
		return p.fail("dump state", err)
	}
	return nil
}

// CaptureOpen implements [Listener].
func (p *linkedPlugin) CaptureOpen(r sdk.Routines) error {
	return p.listen("capture open", sdk.Listener.CaptureOpen, r)
}

// CaptureClose implements [Listener].
func (p *linkedPlugin) CaptureClose(r sdk.Routines) error {
	return p.listen("capture close", sdk.Listener.CaptureClose, r)
}

func (p *linkedPlugin) listen(step string, call func(sdk.Listener, sdk.Routines) error, r sdk.Routines) error {
	l, ok := p.impl.(sdk.Listener)
	if !ok {
		return nil
	}
	if err := guard(func() error { return call(l, guardedRoutines{p, r}) }); err != nil {
		return p.fail(step, err)
	}
	return nil
}

// guardedRoutines ends routines that panic.
type guardedRoutines struct {
	p *linkedPlugin
	r sdk.Routines
}

func (g guardedRoutines) Start(f func() bool) (sdk.Routine, error) {
	return g.r.Start(func() (goOn bool) {
		if err := guard(func() error { goOn = f(); return nil }); err != nil {
			g.p.module.log.Error("routine ended", "plugin", g.p.module.info.Name, "error", err)
			return false
		}
		return goOn
	})
}

// Metrics implements [Metered].
func (p *linkedPlugin) Metrics() (list []sdk.Metric) {
	m, ok := p.impl.(sdk.Metered)
	if !ok {
		return nil
	}
	if err := guard(func() error { list = m.Metrics(); return nil }); err != nil {
		p.module.log.Error("no metrics", "plugin", p.module.info.Name, "error", err)
	}
	return list
}

// SetConfig implements [ConfigSetter].
func (p *linkedPlugin) SetConfig(config string) (ok bool, err error) {
	c, ok := p.impl.(sdk.ConfigSetter)
	if !ok {
		return false, nil
	}
	if config, err = CheckConfig(p.module.info.Name, p.module.info.Schema, config); err != nil {
		return true, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := guard(func() error { return c.SetConfig(config) }); err != nil {
		return true, p.fail("set config", err)
	}
	return true, nil
}

// setTables passes the tables to a plugin, or an empty registry if there are none.
func setTables(p sdk.Plugin, tables state.Registry) error {
	t, ok := p.(sdk.TableSetter)
	if !ok {
		return nil
	}
	if tables == nil {
		tables = state.NewRegistry()
	}
	return t.SetTables(tables)
}
