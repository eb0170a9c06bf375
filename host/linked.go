// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/state"
)

// Linked returns the module of a linked-in plugin, a Go package. It creates one value of the
// plugin to read its description, and makes the same checks as for a shared library.
//
// A panic in the plugin's code never leaves the module: it becomes an error that names the
// plugin or, during extraction, absent fields ([Failing]). Only the first value of logs is used;
// without one all lines are discarded.
func Linked(f sdk.Factory, logs ...Logs) (Module, error) {
	to := logsOf(logs)
	m := &linked{factory: f, log: to.Plugin}
	var p sdk.Plugin
	err := guard(func() error {
		if p = f(); p == nil {
			return errors.New("the factory returned no plugin")
		}
		m.info = describe(p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("linked-in plugin: %w", err)
	}
	_, hasSource := p.(sdk.Sourcer)
	if err := checkLinked(&m.info, hasSource); err != nil {
		return nil, fmt.Errorf("plugin %s: %w", m.info.Name, err)
	}
	m.failures = NewFailures(m.info.Name, to.Report)
	return m, nil
}

// linked is the module of a linked-in plugin.
type linked struct {
	factory  sdk.Factory
	info     Info
	log      *slog.Logger
	failures *Failures
	panicked sync.Once // logs the stack of the first panic
}

func (m *linked) Info() *Info { return &m.info }

func (m *linked) New(config string) (Plugin, error) { return m.NewWithTables(config, nil) }

// NewWithTables implements [TableUser].
func (m *linked) NewWithTables(config string, tables state.Registry) (Plugin, error) {
	p := &linkedPlugin{module: m}
	config, err := CheckConfig(m.info.Name, m.info.Schema, config)
	if err != nil {
		return nil, err
	}
	err = guard(func() error {
		p.impl = m.factory()
		if l, ok := p.impl.(sdk.LogSetter); ok {
			l.SetLogger(named(m.log, m.info.Name))
		}
		if err := setTables(p.impl, tables); err != nil {
			return err
		}
		if i, ok := p.impl.(sdk.Initializer); ok {
			return i.Init(config)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("plugin %s: init: %w", m.info.Name, err)
	}
	if c, ok := p.impl.(sdk.Concurrent); ok {
		err := guard(func() error { p.concurrent = c.ExtractsConcurrently(); return nil })
		if err != nil {
			return nil, fmt.Errorf("plugin %s: %w", m.info.Name, err)
		}
	}
	if err := p.askTypes(); err != nil {
		return nil, fmt.Errorf("plugin %s: %w", m.info.Name, err)
	}
	return p, nil
}

// linkedPlugin is a state of a linked-in plugin.
type linkedPlugin struct {
	module     *linked
	impl       sdk.Plugin
	concurrent bool
	extracts   typeSet
	parses     typeSet
	gate       *gate      // nil unless the plugin may inject events
	mu         sync.Mutex // held during parsing, and during extraction unless concurrent
}

func (p *linkedPlugin) Module() Module { return p.module }

func (p *linkedPlugin) Concurrent() bool { return p.concurrent }

// Failures implements [Failing].
func (p *linkedPlugin) Failures() *Failures { return p.module.failures }

func (p *linkedPlugin) Open(params string) (event.Source, error) {
	s, ok := p.impl.(sdk.Sourcer)
	if !ok {
		return nil, p.fail("open", errors.New("the plugin has no event source"))
	}
	var src event.Source
	err := guard(func() (err error) {
		if src, err = s.Open(params); err == nil && src == nil {
			err = errors.New("Open returned nil without an error")
		}
		return err
	})
	if err != nil {
		return nil, p.fail("open", err)
	}
	return p.wrapSource(src), nil
}

func (p *linkedPlugin) OpenParams() (list []sdk.OpenParam, err error) {
	o, ok := p.impl.(sdk.OpenParamser)
	if !ok {
		return nil, nil
	}
	err = guard(func() (err error) {
		list, err = o.OpenParams()
		return err
	})
	if err != nil {
		return nil, p.fail("open params", err)
	}
	return list, nil
}

func (p *linkedPlugin) Close() error {
	defer p.module.failures.Finish()
	if err := p.StopAsync(); err != nil {
		return err
	}
	d, ok := p.impl.(sdk.Destroyer)
	if !ok {
		return nil
	}
	if err := guard(func() error { d.Destroy(); return nil }); err != nil {
		return p.fail("destroy", err)
	}
	return nil
}

// fail adds the plugin and the step to err.
func (p *linkedPlugin) fail(step string, err error) error {
	return fmt.Errorf("plugin %s: %s: %w", p.module.info.Name, step, err)
}

// stack logs the stack of a panic during extraction, once.
func (p *linkedPlugin) stack(reason any) {
	p.module.panicked.Do(func() {
		p.module.log.Error("panic in plugin while extracting fields", "plugin", p.module.info.Name, "panic", reason, "stack", string(debug.Stack()))
	})
}

// guard calls f and converts a panic to an error.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

// describe reads the description of the plugin.
func describe(p sdk.Plugin) Info {
	in := p.Info()
	info := Info{
		Name: in.Name, Description: in.Description, Contact: in.Contact, Version: in.Version,
		RequiredAPI: abi.Version, ID: in.ID, Source: in.EventSource,
	}
	if _, ok := p.(sdk.Sourcer); ok {
		info.Caps |= Sourcing
	}
	if x, ok := p.(sdk.Extractor); ok {
		info.Caps |= Extraction
		info.Fields = slices.Clone(x.Fields())
		info.ExtractSources = withOwn(in.ExtractSources, in.EventSource)
	}
	describeCapabilities(p, &in, &info)
	if s, ok := p.(sdk.SchemaProvider); ok {
		info.Schema = s.InitSchema()
	}
	return info
}

// withOwn adds a plugin's own source to a list of sources. An empty list means all sources and
// becomes nil.
func withOwn(sources []string, own string) []string {
	list := slices.Clone(sources)
	if own != "" && !slices.Contains(list, own) {
		list = append(list, own)
	}
	if len(list) == 0 {
		return nil
	}
	return list
}
