// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/state"
)

// visits counts in a table, which other plugins can read, how often somebody came.
type visits struct {
	table *state.Mem
	count state.Field
}

func (v *visits) Info() sdk.Info {
	return sdk.Info{Name: "visits", Description: "Counts visitors", Version: "1.0.0", ParseSources: []string{"door"}}
}

// SetTables makes the table and offers it to all.
func (v *visits) SetTables(tables state.Registry) (err error) {
	v.table, err = state.New("visits", state.String, state.Column{Name: "count", Type: state.Uint64, ReadOnly: true})
	if err != nil {
		return err
	}
	v.count = v.table.Own("count")
	return tables.Add(v.table)
}

// Parse sees every event of the source, before rules do.
func (v *visits) Parse(e *event.Event) error {
	name := state.Text(string(e.Data))
	entry, err := v.table.Get(name)
	if err != nil {
		if entry, err = v.table.New(); err != nil {
			return err
		}
		if entry, err = v.table.Add(name, entry); err != nil {
			return err
		}
	}
	defer entry.Release()
	n, err := entry.Read(v.count)
	if err != nil {
		return err
	}
	return entry.Write(v.count, state.Uint(n.Num+1))
}

// A plugin that parses events and keeps state in a table of its own. In its main package:
// cshared.Export(New, parse.Symbols).
func ExampleParser() {
	tables := state.NewRegistry()
	v := &visits{}
	if err := v.SetTables(tables); err != nil {
		fmt.Println(err)
		return
	}
	for _, who := range []string{"alice", "bob", "alice"} {
		if err := v.Parse(&event.Event{Type: abi.PluginEvent, Data: []byte(who)}); err != nil {
			fmt.Println(err)
		}
	}
	// What another plugin does with it.
	table, err := tables.Get("visits", state.String)
	if err != nil {
		fmt.Println(err)
		return
	}
	count, err := table.Field("count", state.Uint64)
	if err != nil {
		fmt.Println(err)
		return
	}
	entry, err := table.Get(state.Text("alice"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer entry.Release()
	n, err := entry.Read(count)
	fmt.Println(n.Num, err)
	fmt.Println(entry.Write(count, state.Uint(0)))
	// Output:
	// 2 <nil>
	// field count: read-only
}

// clock injects an event from time to time.
type clock struct {
	every time.Duration
	ticks atomic.Uint64
	full  atomic.Uint64

	cancel context.CancelFunc
	work   sync.WaitGroup
}

func (c *clock) Info() sdk.Info {
	return sdk.Info{Name: "clock", Description: "Tells the time", Version: "1.0.0"}
}

func (c *clock) AsyncEvents() []string { return []string{"tick"} }

func (c *clock) StartAsync(emit sdk.EmitFunc) error {
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.work.Go(func() {
		ticker := time.NewTicker(c.every)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-ticker.C:
				c.ticks.Add(1)
				if emit("tick", uint64(now.UnixNano()), []byte(now.Format(time.TimeOnly))) != nil {
					c.full.Add(1) // the host has no room: the event is lost, but counted
				}
			}
		}
	})
	return nil
}

// StopAsync waits until nothing can be injected any more.
func (c *clock) StopAsync() {
	if c.cancel != nil {
		c.cancel()
		c.work.Wait()
	}
}

func (c *clock) Metrics() []sdk.Metric {
	return []sdk.Metric{
		sdk.Counter("ticks", c.ticks.Load()),
		sdk.Counter("lost", c.full.Load()),
	}
}

// A plugin that injects events and has metrics: cshared.Export(New, async.Symbols).
func ExampleAsyncSource() {
	c := &clock{every: time.Millisecond}
	two := make(chan string, 2)
	emit := func(name string, _ uint64, _ []byte) error {
		select {
		case two <- name:
			return nil
		default:
			return errors.New("there is no room")
		}
	}
	if err := c.StartAsync(emit); err != nil {
		fmt.Println(err)
	}
	fmt.Println(<-two, <-two)
	c.StopAsync()
	fmt.Println(c.Metrics()[0].Name, c.Metrics()[0].Bits >= 2)
	// Output:
	// tick tick
	// ticks true
}

// cleaner works beside the stream for as long as there is a capture.
type cleaner struct{ rounds int }

func (c *cleaner) Info() sdk.Info {
	return sdk.Info{Name: "cleaner", Description: "Cleans up", Version: "1.0.0"}
}

func (c *cleaner) CaptureOpen(r sdk.Routines) error {
	_, err := r.Start(func() bool {
		c.rounds++
		return c.rounds < 3 // false ends the routine
	})
	return err
}

func (c *cleaner) CaptureClose(sdk.Routines) error { return nil }

// inline runs routines at once.
type inline struct{}

func (inline) Start(f func() bool) (sdk.Routine, error) {
	for f() {
	}
	return ended{}, nil
}

type ended struct{}

func (ended) Stop() error { return nil }

// A plugin that listens to captures: cshared.Export(New, listen.Symbols).
func ExampleListener() {
	c := &cleaner{}
	fmt.Println(c.CaptureOpen(inline{}), c.rounds)
	// Output: <nil> 3
}

// longest only extracts: the length of the events of all sources. Its configuration is a
// struct.
type longest struct{ config limits }

type limits struct {
	Limit uint64 `json:"limit" desc:"Texts longer than this are absent" min:"1"`
}

func (l *longest) Info() sdk.Info {
	return sdk.Info{Name: "longest", Description: "Length of events", Version: "1.0.0"}
}

func (l *longest) InitSchema() string { return sdk.Schema(limits{Limit: 10}) }

func (l *longest) Init(config string) error {
	l.config.Limit = 10
	return sdk.DecodeConfig(config, &l.config)
}

func (l *longest) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{{Name: "text.length", Type: abi.String, Desc: "How long the event is, as text."}}
}

func (l *longest) Extract(e *event.Event, _ *sdk.Request, out *event.Value, mem *event.Arena) error {
	if uint64(len(e.Data)) <= l.config.Limit {
		*out = sdk.Bytes(strconv.AppendInt(mem.Bytes(20)[:0], int64(len(e.Data)), 10))
	}
	return nil
}

// A plugin that only extracts fields: cshared.Export(New, extract.Symbols).
func ExampleExtractor() {
	l := &longest{}
	fmt.Println(l.InitSchema())
	if err := l.Init(`{"limit": 5}`); err != nil {
		fmt.Println(err)
	}
	mem := event.NewArena(nil, nil)
	for _, text := range []string{"abc", "abcdef"} {
		var out event.Value
		err := l.Extract(&event.Event{Data: []byte(text)}, &sdk.Request{}, &out, mem)
		fmt.Println(out.Present, out.Str, err)
	}
	// Output:
	// {"$schema":"http://json-schema.org/draft-07/schema#","additionalProperties":false,"properties":{"limit":{"default":10,"description":"Texts longer than this are absent","minimum":1,"type":"integer"}},"type":"object"}
	// true 3 <nil>
	// false  <nil>
}

// A source that is fed by other goroutines, through a channel.
func ExamplePush() {
	ch := make(chan sdk.PushEvent, 2)
	ch <- sdk.PushEvent{Data: []byte("one"), Time: 1}
	ch <- sdk.PushEvent{Data: []byte("two"), Time: 2}
	close(ch)
	s := sdk.Push(ch, sdk.StreamOptions{BatchSize: 100, BatchTimeout: 10 * time.Millisecond})
	b := event.NewBatch(10, event.NewArena(nil, nil))
	err := s.Next(context.Background(), b)
	fmt.Println(len(b.Events), err)
	// Output: 2 EOF
}
