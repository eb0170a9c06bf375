// SPDX-License-Identifier: Apache-2.0

package sdktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/state"
)

// Event is an event that owns its memory.
type Event = event.Event

// Host is a host of one plugin state, in the process of the test. It is not safe for concurrent
// use.
type Host struct {
	// Plugin is the state, Tables the tables shared with other plugins.
	Plugin host.Plugin
	Tables state.Registry

	info *host.Info
	cat  *fields.Catalogue
	num  uint64
}

// New initializes a plugin. It is closed at the end of the test.
func New(t testing.TB, f sdk.Factory, config string) *Host {
	t.Helper()
	m, err := host.Linked(f)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Open(m, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// Open initializes a plugin of any kind.
func Open(m host.Module, config string) (*Host, error) {
	h := &Host{info: m.Info(), cat: fields.NewCatalogue(), Tables: host.NewTables()}
	var err error
	if h.Plugin, err = host.New(m, config, h.Tables); err != nil {
		return nil, err
	}
	h.cat.AddSource(h.source())
	if err := h.cat.Add(h.source(), h.info.Name, h.Plugin, h.info.Fields); err != nil {
		_ = h.Plugin.Close()
		return nil, err
	}
	return h, nil
}

// source returns the event source for generated events.
func (h *Host) source() string {
	switch {
	case h.info.Source != "":
		return h.info.Source
	case len(h.info.ExtractSources) > 0:
		return h.info.ExtractSources[0]
	}
	return "test"
}

// Close ends the state.
func (h *Host) Close() error { return h.Plugin.Close() }

// NewEvent returns an event with a payload, like those of the plugin's source.
func (h *Host) NewEvent(payload []byte) Event {
	h.num++
	return Event{Num: h.num, Time: uint64(time.Now().UnixNano()), PluginID: h.info.ID, Type: abi.PluginEvent, Data: payload}
}

// Read opens a stream and reads until its end, until it has limit events, or for the duration
// wait. It returns io.EOF with the last events of the stream.
func (h *Host) Read(params string, limit int, wait time.Duration) ([]Event, error) {
	src, err := h.Plugin.Open(params)
	if err != nil {
		return nil, err
	}
	ctx, cancel := patience(wait)
	defer cancel()
	b := event.NewBatch(min(limit, 128), event.NewArena(nil, nil))
	var list []Event
	for err == nil && len(list) < limit && ctx.Err() == nil {
		if err = next(ctx, src, b); errors.Is(err, errBlocked) {
			return list, err
		}
		h.stamp(b)
		for i := range b.Events {
			e := b.Events[i]
			e.Data, e.Blob = append([]byte{}, e.Data...), nil
			e.Name = strings.Clone(e.Name)
			list = append(list, e)
		}
		b.Release()
	}
	if bad := src.Close(); bad != nil {
		err = errors.Join(err, bad)
	}
	return list, err
}

// stamp sets the numbers and times of new events, as a host does.
func (h *Host) stamp(b *event.Batch) {
	b.Source = h.info.Source
	for i := range b.Events {
		h.num++
		b.Events[i].Num = h.num
		if b.Events[i].Time == abi.NoTime {
			b.Events[i].SetTime(uint64(time.Now().UnixNano()))
		}
	}
}

// blockedAfter is the maximum time for reading a batch, as measured by a [stopwatch].
const blockedAfter = 5 * time.Second

var errBlocked = fmt.Errorf("next_batch did not return within %v", blockedAfter)

// next reads a batch. If the stream never returns, the goroutine leaks.
func next(ctx context.Context, src event.Source, b *event.Batch) error {
	done := make(chan error, 1)
	go func() { done <- src.Next(ctx, b) }()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for range blockedAfter / tick {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
		}
	}
	return errBlocked
}

// Extract returns the values of fields, named as in rules ("dummy.value", "json.value[/a]").
func (h *Host) Extract(e Event, names ...string) ([]event.Value, error) {
	refs := make([]fields.Ref, len(names))
	for i, name := range names {
		var err error
		if refs[i], err = h.cat.Resolve(h.source(), name); err != nil {
			return nil, err
		}
	}
	rows, err := h.extract([]Event{e}, refs)
	if err != nil {
		return nil, err
	}
	return rows[0], nil
}

// Text returns evt.plugininfo of the event.
func (h *Host) Text(e Event) (string, error) {
	rows, err := h.extract([]Event{e}, []fields.Ref{{Field: &fields.Field{ID: fields.InfoID}}})
	if err != nil {
		return "", err
	}
	return rows[0][0].Str, nil
}

// extract returns copies of the values, one row per event.
func (h *Host) extract(events []Event, refs []fields.Ref) ([][]event.Value, error) {
	wants := make([]fields.Want, len(refs))
	for i := range refs {
		wants[i] = fields.Want{Ref: refs[i], Cell: i}
	}
	plan, err := h.Plugin.Plan(wants)
	if err != nil {
		return nil, err
	}
	b := event.NewBatch(len(events), event.NewArena(nil, nil))
	b.Source = h.source()
	rows := make([]int32, len(events))
	for i := range events {
		b.Events = append(b.Events, events[i])
		rows[i] = int32(i)
	}
	var t fields.Table
	t.Resize(len(events), len(refs))
	if err := plan.Extract(b, rows, &t); err != nil {
		return nil, err
	}
	out := make([][]event.Value, len(events))
	for i := range out {
		for _, v := range t.Row(i) {
			out[i] = append(out[i], clone(v))
		}
	}
	b.Release()
	return out, nil
}

// clone copies a value and its memory.
func clone(v event.Value) event.Value {
	v.Str = strings.Clone(v.Str)
	if v.List != nil {
		list := make([]event.Value, len(v.List))
		for i := range list {
			list[i] = clone(v.List[i])
		}
		v.List = list
	}
	return v
}

// Format formats a value of a field with that type; an absent value is "<NA>".
func Format(typ abi.FieldType, v event.Value) string {
	switch {
	case !v.Present:
		return "<NA>"
	case v.List != nil:
		parts := make([]string, len(v.List))
		for i := range v.List {
			parts[i] = Format(typ, v.List[i])
		}
		return "(" + strings.Join(parts, ",") + ")"
	}
	switch typ {
	case abi.String:
		return v.Str
	case abi.Bool:
		return strconv.FormatBool(v.Num != 0)
	case abi.IPAddr, abi.IPNet:
		a, _ := netip.AddrFromSlice([]byte(v.Str))
		return a.String()
	default:
		return strconv.FormatUint(v.Num, 10)
	}
}

// ended reports whether err is the regular end of a stream.
func ended(err error) bool { return errors.Is(err, io.EOF) }
