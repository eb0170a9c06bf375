// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// probeFields are the fields of the conformance plugin.
var probeFields = []abi.FieldInfo{
	{Name: "probe.s", Type: abi.String},
	{Name: "probe.t", Type: abi.String},
	{Name: "probe.n", Type: abi.Uint64},
	{Name: "probe.m", Type: abi.Uint64},
	{Name: "probe.b", Type: abi.Bool},
	{Name: "probe.rel", Type: abi.RelTime},
	{Name: "probe.abs", Type: abi.AbsTime},
	{Name: "probe.ip", Type: abi.IPAddr},
	{Name: "probe.net", Type: abi.IPNet},
	{Name: "probe.ss", Type: abi.String, List: true},
	{Name: "probe.ns", Type: abi.Uint64, List: true},
	{Name: "probe.ips", Type: abi.IPAddr, List: true},
	{Name: "probe.key", Type: abi.String, Arg: abi.FieldArg{Required: true, Key: true}},
	{Name: "probe.idx", Type: abi.String, Arg: abi.FieldArg{Required: true, Index: true}},
	{Name: "probe.opt", Type: abi.String, Arg: abi.FieldArg{Key: true}},
	{Name: "probe.nkey", Type: abi.Uint64, Arg: abi.FieldArg{Required: true, Key: true}},
	{Name: "probe.sskey", Type: abi.String, List: true, Arg: abi.FieldArg{Required: true, Key: true}},
}

var evtFields = []abi.FieldInfo{
	{Name: "evt.num", Type: abi.Uint64},
	{Name: "evt.time", Type: abi.String},
	{Name: "evt.time.s", Type: abi.String},
	{Name: "evt.time.iso8601", Type: abi.String},
	{Name: "evt.datetime", Type: abi.String},
	{Name: "evt.datetime.s", Type: abi.String},
	{Name: "evt.rawtime", Type: abi.AbsTime},
	{Name: "evt.rawtime.s", Type: abi.AbsTime},
	{Name: "evt.rawtime.ns", Type: abi.AbsTime},
	{Name: "evt.reltime", Type: abi.RelTime},
	{Name: "evt.reltime.s", Type: abi.RelTime},
	{Name: "evt.reltime.ns", Type: abi.RelTime},
	{Name: "evt.pluginname", Type: abi.String},
	{Name: "evt.plugininfo", Type: abi.String},
	{Name: "evt.source", Type: abi.String},
	{Name: "evt.is_async", Type: abi.Bool},
	{Name: "evt.asynctype", Type: abi.String},
	{Name: "evt.hostname", Type: abi.String},
}

const probeSource = "probe"

// probeCatalogue has the fields of the conformance plugin and those of every event.
func probeCatalogue(t testing.TB) *fields.Catalogue { return probeCatalogueOf(t, nil) }

func probeCatalogueOf(t testing.TB, owner fields.Extractor) *fields.Catalogue {
	t.Helper()
	c := fields.NewCatalogue()
	if err := c.Add(probeSource, "evt", owner, evtFields); err != nil {
		t.Fatal(err)
	}
	if err := c.Add(probeSource, "probe (plugin)", owner, probeFields); err != nil {
		t.Fatal(err)
	}
	return c
}

func probeScope(t testing.TB) *Scope {
	return &Scope{Catalogue: probeCatalogue(t), Source: probeSource, Layout: &fields.Layout{}}
}

// probeEvent is an event of the conformance plugin.
type probeEvent struct {
	num  int
	line string
	vals map[string]string
}

func newProbeEvent(num int, line string) probeEvent {
	e := probeEvent{num, line, make(map[string]string)}
	for _, pair := range strings.Split(line, "\t") {
		name, val, ok := strings.Cut(pair, "=")
		if _, dup := e.vals[name]; ok && !dup {
			e.vals[name] = val
		}
	}
	return e
}

// row returns the cells of a layout.
func (e probeEvent) row(l *fields.Layout) []event.Value {
	row := make([]event.Value, l.Width())
	for i, r := range l.Refs() {
		row[i] = e.value(r)
	}
	return row
}

func (e probeEvent) value(r fields.Ref) event.Value {
	f := r.Field
	if rest, ok := strings.CutPrefix(f.Name, "evt."); ok {
		return e.evtValue(rest)
	}
	name := strings.TrimPrefix(f.Name, "probe.")
	switch {
	case name == "idx":
		name = "ss"
	case name == "opt" && !r.HasArg:
		name = "s"
	case r.HasArg:
		name += "." + r.Arg
	}
	val, ok := e.vals[name]
	if !ok || val == "!fail" {
		return event.Value{}
	}
	if !f.List && f.Name != "probe.idx" {
		return parseProbe(f.Type, val)
	}
	var list []event.Value
	if val != "" {
		for _, v := range strings.Split(val, "|") {
			list = append(list, parseProbe(f.Type, v))
		}
	}
	if f.List {
		return event.ListValue(list)
	}
	if r.Index >= uint64(len(list)) {
		return event.Value{}
	}
	return list[r.Index]
}

func parseProbe(t abi.FieldType, s string) event.Value {
	switch t {
	case abi.String:
		return event.StringValue(upTo(s))
	case abi.Bool:
		return event.BoolValue(s == "true")
	case abi.IPAddr, abi.IPNet:
		a, err := netip.ParseAddr(s)
		if err != nil {
			return event.StringValue("")
		}
		return event.StringValue(string(a.AsSlice()))
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		panic("corpus: " + s)
	}
	return event.NumValue(n)
}

func (e probeEvent) evtValue(name string) event.Value {
	const start = 1700000000_000_000_000
	ns := uint64(start + e.num*1_000_000)
	rel := uint64(e.num-1) * 1_000_000
	at := time.Unix(0, int64(ns)).UTC()
	switch name {
	case "num":
		return event.NumValue(uint64(e.num))
	case "time":
		return event.StringValue(at.Format("15:04:05.000000000"))
	case "time.s":
		return event.StringValue(at.Format("15:04:05"))
	case "time.iso8601":
		return event.StringValue(at.Format("2006-01-02T15:04:05.000000000-0700"))
	case "datetime":
		return event.StringValue(at.Format("2006-01-02 15:04:05.000000000"))
	case "datetime.s":
		return event.StringValue(at.Format("2006-01-02 15:04:05"))
	case "rawtime":
		return event.NumValue(ns)
	case "rawtime.s":
		return event.NumValue(ns / 1e9)
	case "rawtime.ns":
		return event.NumValue(ns % 1e9)
	case "reltime":
		return event.NumValue(rel)
	case "reltime.s":
		return event.NumValue(rel / 1e9)
	case "reltime.ns":
		return event.NumValue(rel % 1e9)
	case "pluginname", "source":
		return event.StringValue("probe")
	case "plugininfo":
		return event.StringValue(upTo(e.line))
	case "is_async":
		return event.BoolValue(false)
	case "hostname":
		return event.StringValue("conformance")
	}
	return event.Value{}
}

func probeEvents(t testing.TB) []probeEvent {
	t.Helper()
	return probeEventsOf(t, "events.txt")
}

func probeEventsOf(t testing.TB, file string) []probeEvent {
	t.Helper()
	data, err := os.ReadFile("testdata/conformance/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var list []probeEvent
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		list = append(list, newProbeEvent(i+1, line))
	}
	return list
}
