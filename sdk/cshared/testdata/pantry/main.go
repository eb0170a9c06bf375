// SPDX-License-Identifier: Apache-2.0

// Command pantry is a plugin without an event source that has all other capabilities, for
// the tests of package cshared.
package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/async"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
	"github.com/gyr-dev/gyr/sdk/cshared/listen"
	"github.com/gyr-dev/gyr/sdk/cshared/parse"
	"github.com/gyr-dev/gyr/state"
)

func init() {
	cshared.Export(func() sdk.Plugin { return &pantry{} }, extract.Symbols, parse.Symbols, async.Symbols, listen.Symbols)
}

func main() {}

type pantry struct {
	log    *slog.Logger
	config string

	users      state.Table // the host's: visits, last by id
	name, seen state.Field
	own        *state.Mem // "pantry": n, label, parts by name
	n, label   state.Field
	parts      state.Field

	parsed   atomic.Uint64
	rounds   atomic.Int64
	routine  sdk.Routine
	stop     chan struct{}
	stopped  sync.WaitGroup
	failures []string
}

func (p *pantry) Info() sdk.Info {
	return sdk.Info{
		Name: "pantry", Description: "Keeps things", Version: "1.0.0", ExtractSources: []string{"kitchen"},
		ParseSources: []string{"kitchen"}, AsyncSources: []string{"kitchen"},
	}
}

func (p *pantry) InitSchema() string { return `{"type": "object"}` }

func (p *pantry) SetLogger(log *slog.Logger) { p.log = log.With("who", "pantry") }

func (p *pantry) SetTables(tables state.Registry) (err error) {
	if p.users, err = tables.Get("users", state.Uint64); err != nil {
		return err
	}
	if p.name, err = p.users.Field("name", state.String); err != nil {
		return err
	}
	if p.seen, err = p.users.AddField("seen", state.Int16); err != nil {
		return err
	}
	p.own, err = state.New("pantry", state.String, state.Column{Name: "n", Type: state.Uint64},
		state.Column{Name: "label", Type: state.String, ReadOnly: true},
		state.Column{Name: "parts", Type: state.TableType, Key: state.Uint8, Columns: []state.Column{{Name: "ok", Type: state.Bool}}})
	if err != nil {
		return err
	}
	p.n, p.label, p.parts = p.own.Own("n"), p.own.Own("label"), p.own.Own("parts")
	_, wrong := tables.Get("users", state.String)
	_, missing := tables.Get("nobody", state.String)
	_, field := p.users.Field("nothing", state.Bool)
	p.failures = []string{fmt.Sprint(wrong != nil), fmt.Sprint(missing != nil), fmt.Sprint(field != nil)}
	return tables.Add(p.own)
}

func (p *pantry) Init(config string) error {
	p.config = config
	if config == `{"fail": true}` {
		return errors.New("init fails")
	}
	p.log.Info("ready", "config", config, "failures", strings.Join(p.failures, " "))
	return nil
}

func (p *pantry) SetConfig(config string) error {
	if config == `{"fail": true}` {
		return errors.New("not this one")
	}
	p.config = config
	return nil
}

func (p *pantry) ParseTypes() []uint16   { return []uint16{abi.PluginEvent, abi.AsyncEvent} }
func (p *pantry) ExtractTypes() []uint16 { return []uint16{abi.PluginEvent, abi.AsyncEvent} }

// Parse counts the user that the payload tells, and the payload.
func (p *pantry) Parse(e *event.Event) error {
	p.parsed.Add(1)
	text := string(e.Data)
	switch text {
	case "panic":
		panic("parse panics")
	case "clear":
		return p.users.Clear()
	case "erase":
		return p.users.Erase(state.Uint(1))
	}
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return err
	}
	u, err := p.users.Get(state.Uint(id))
	if err != nil {
		if u, err = p.users.New(); err != nil {
			return err
		}
		if err = u.Write(p.name, state.Text("user "+text)); err != nil {
			return err
		}
		if u, err = p.users.Add(state.Uint(id), u); err != nil {
			return err
		}
	}
	defer u.Release()
	v, err := u.Read(p.seen)
	if err == nil {
		err = u.Write(p.seen, state.Int(v.Int()-1))
	}
	return errors.Join(err, p.keep(text))
}

func (p *pantry) keep(text string) error {
	e, err := p.own.New()
	if err != nil {
		return err
	}
	err = errors.Join(e.Write(p.n, state.Uint(uint64(len(text)))), e.Write(p.label, state.Text("label of "+text)))
	_, bad := p.own.Add(state.Text(text), e)
	return errors.Join(err, bad)
}

func (p *pantry) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{
		{Name: "pantry.seen", Type: abi.String, Desc: "how often, negative, and the name", Arg: abi.FieldArg{Index: true, Required: true}},
		{Name: "pantry.sum", Type: abi.String, Desc: "number of users, sum"},
		{Name: "pantry.async", Type: abi.String, Desc: "name of the async event"},
		{Name: "pantry.config", Type: abi.String, Desc: "configuration"},
	}
}

func (p *pantry) Extract(e *event.Event, req *sdk.Request, out *event.Value, _ *event.Arena) error {
	switch req.Field {
	case 0:
		u, err := p.users.Get(state.Uint(req.Index))
		if err != nil {
			return err
		}
		defer u.Release()
		n, err := u.Read(p.seen)
		if err != nil {
			return err
		}
		name, err := u.Read(p.name)
		*out = sdk.String(fmt.Sprint(n.Int(), " ", name.Str))
		return err
	case 1:
		sum := int64(0)
		err := p.users.Each(func(u state.Entry) bool {
			v, _ := u.Read(p.seen)
			sum += v.Int()
			return true
		})
		*out = sdk.String(fmt.Sprint(p.users.Size(), " ", sum))
		return err
	case 2:
		*out = sdk.String(e.Name)
	case 3:
		*out = sdk.String(p.config)
	}
	return nil
}

func (p *pantry) AsyncEvents() []string { return []string{"ping", "dump"} }

func (p *pantry) StartAsync(emit sdk.EmitFunc) error {
	if p.config == `{"async": false}` {
		return errors.New("no events today")
	}
	stop := make(chan struct{})
	p.stop = stop
	p.stopped.Go(func() {
		err := emit("ping", 7, []byte("first"))
		err = errors.Join(err, emit("ping", 0, []byte(fmt.Sprint("second ", emit("pong", 0, nil)))))
		if err != nil {
			p.log.Error("emit", "error", err)
		}
		<-stop
	})
	return nil
}

func (p *pantry) StopAsync() {
	if p.stop == nil {
		return
	}
	close(p.stop)
	p.stop = nil
	p.stopped.Wait()
}

func (p *pantry) DumpState(emit sdk.EmitFunc) error { return emit("dump", 1, []byte(p.config)) }

func (p *pantry) CaptureOpen(r sdk.Routines) (err error) {
	p.routine, err = r.Start(func() bool { return p.rounds.Add(1) > 0 })
	if err != nil {
		return err
	}
	_, err = r.Start(func() bool { p.rounds.Add(1000000); return false })
	return err
}

func (p *pantry) CaptureClose(sdk.Routines) error { return p.routine.Stop() }

func (p *pantry) Metrics() []sdk.Metric {
	return []sdk.Metric{
		sdk.Counter("parsed", p.parsed.Load()),
		sdk.Gauge("rounds", p.rounds.Load()),
		sdk.Gauge("half", 0.5),
		sdk.Gauge("int", -3),
		sdk.Gauge("u32", uint32(1<<31)),
		sdk.Gauge("s32", int32(-1<<31)),
		sdk.Gauge("float", float32(0.25)),
		sdk.Gauge("large", 1<<40),
	}
}

func (p *pantry) Destroy() { p.log.Warn("bye") }
