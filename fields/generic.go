// SPDX-License-Identifier: Apache-2.0

package fields

import (
	"fmt"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/timetext"
)

// GenericClass is the class of the fields available for every event.
const GenericClass = "evt"

// Generic extracts the fields available for every event (evt.num, evt.time, ...). It must not
// change once it is in use.
type Generic struct {
	// Hostname is the value of evt.hostname; "" makes it absent.
	Hostname string
	// Offset is the offset of the local time zone in seconds east of UTC, for evt.time and
	// evt.datetime.
	Offset int64
	// Plugins maps plugin IDs to names, for evt.pluginname.
	Plugins map[uint32]string
}

const (
	genNum = iota
	genTime
	genTimeS
	genTimeISO
	genDatetime
	genDatetimeS
	genRawtime
	genRawtimeS
	genRawtimeNS
	genReltime
	genReltimeS
	genReltimeNS
	genPluginName
	genPluginInfo
	genSource
	genIsAsync
	genAsyncType
	genHostname
)

var genericInfos = []abi.FieldInfo{
	genNum:        {Name: "evt.num", Type: abi.Uint64, Display: "Event Number", Desc: "Number of the event in its stream, starting at 1."},
	genTime:       {Name: "evt.time", Type: abi.String, Display: "Time", Desc: "Local time of the event with nanoseconds."},
	genTimeS:      {Name: "evt.time.s", Type: abi.String, Display: "Time (s)", Desc: "Local time of the event in whole seconds."},
	genTimeISO:    {Name: "evt.time.iso8601", Type: abi.String, Display: "ISO 8601 Time", Desc: "Date and time of the event in UTC, in ISO 8601 form with nanoseconds."},
	genDatetime:   {Name: "evt.datetime", Type: abi.String, Display: "Datetime", Desc: "Local date and time of the event with nanoseconds."},
	genDatetimeS:  {Name: "evt.datetime.s", Type: abi.String, Display: "Datetime (s)", Desc: "Local date and time of the event in whole seconds."},
	genRawtime:    {Name: "evt.rawtime", Type: abi.AbsTime, Display: "Absolute Time", Desc: "Time of the event in nanoseconds since the Unix epoch."},
	genRawtimeS:   {Name: "evt.rawtime.s", Type: abi.AbsTime, Display: "Absolute Time (s)", Desc: "Time of the event in seconds since the Unix epoch."},
	genRawtimeNS:  {Name: "evt.rawtime.ns", Type: abi.AbsTime, Display: "Absolute Time (ns)", Desc: "Nanosecond part of the time of the event."},
	genReltime:    {Name: "evt.reltime", Type: abi.RelTime, Display: "Relative Time", Desc: "Nanoseconds since the first event of the stream."},
	genReltimeS:   {Name: "evt.reltime.s", Type: abi.RelTime, Display: "Relative Time (s)", Desc: "Seconds since the first event of the stream."},
	genReltimeNS:  {Name: "evt.reltime.ns", Type: abi.RelTime, Display: "Relative Time (ns)", Desc: "Nanosecond part of the time since the first event of the stream."},
	genPluginName: {Name: "evt.pluginname", Type: abi.String, Display: "Plugin Name", Desc: "Name of the plugin that produced the event."},
	genPluginInfo: {Name: "evt.plugininfo", Type: abi.String, Display: "Plugin Info", Desc: "The event as one line of text, formatted by its plugin."},
	genSource:     {Name: "evt.source", Type: abi.String, Display: "Event Source", Desc: "Name of the event source."},
	genIsAsync:    {Name: "evt.is_async", Type: abi.Bool, Display: "Async Event", Desc: "Whether the event is an async event, injected by a plugin."},
	genAsyncType:  {Name: "evt.asynctype", Type: abi.String, Display: "Async-Event Type", Desc: "Name of an async event."},
	genHostname:   {Name: "evt.hostname", Type: abi.String, Display: "Hostname", Desc: "Host name, or the value of the environment variable FALCO_HOSTNAME."},
}

// Fields returns the generic fields of an event source. info is the plugin of the source,
// which extracts evt.plugininfo ([InfoID]).
func (g *Generic) Fields(info Extractor) []*Field {
	list := make([]*Field, len(genericInfos))
	for id, fi := range genericInfos {
		f := &Field{FieldInfo: fi, ID: uint32(id), Owner: g, Class: GenericClass}
		switch id {
		case genTime, genTimeS, genTimeISO, genDatetime, genDatetimeS:
			f.TimeText = true
		case genRawtimeNS, genReltime, genReltimeNS:
			f.Padded = true
		case genPluginInfo:
			f.ID, f.Owner, f.Printable = InfoID, info, true
		}
		list[id] = f
	}
	return list
}

// Plan implements [Extractor].
func (g *Generic) Plan(wants []Want) (Plan, error) {
	for _, w := range wants {
		if w.Ref.Field.Owner != Extractor(g) || w.Ref.Field.ID >= uint32(len(genericInfos)) {
			return nil, fmt.Errorf("field %s is not a generic field", w.Ref.Field.Name)
		}
	}
	return &genericPlan{g, wants}, nil
}

type genericPlan struct {
	*Generic
	wants []Want
}

// Extract implements [Plan]. It never fails.
func (p *genericPlan) Extract(b *event.Batch, rows []int32, t *Table) error {
	for _, w := range p.wants {
		for _, r := range rows {
			p.set(&t.Row(int(r))[w.Cell], w.Ref.Field.ID, b, &b.Events[r])
		}
	}
	return nil
}

func (g *Generic) set(v *event.Value, id uint32, b *event.Batch, e *event.Event) {
	switch id {
	case genNum:
		*v = event.NumValue(e.Num)
	case genTime, genTimeS, genTimeISO, genDatetime, genDatetimeS:
		buf := g.appendTime(b.Arena.Bytes(40)[:0], id, e.Time)
		*v = event.Value{Str: event.String(buf), Num: e.Time, Present: true}
	case genRawtime:
		*v = event.NumValue(e.Time)
	case genRawtimeS:
		*v = event.NumValue(e.Time / 1e9)
	case genRawtimeNS:
		*v = event.NumValue(e.Time % 1e9)
	case genReltime: // unsigned: an async event from before the start wraps, as in Falco
		*v = event.NumValue(e.Time - b.Start)
	case genReltimeS:
		*v = event.NumValue((e.Time - b.Start) / 1e9)
	case genReltimeNS:
		*v = event.NumValue((e.Time - b.Start) % 1e9)
	case genPluginName:
		name, ok := g.Plugins[e.PluginID]
		*v = event.Value{Str: name, Present: ok && !e.IsAsync()}
	case genSource:
		*v = event.Value{Str: b.Source, Present: b.Source != ""}
	case genIsAsync:
		*v = event.BoolValue(e.IsAsync())
	case genAsyncType:
		*v = event.Value{Str: e.Name, Present: e.IsAsync()}
	case genHostname:
		*v = event.Value{Str: g.Hostname, Present: g.Hostname != ""}
	}
}

func (g *Generic) appendTime(dst []byte, id uint32, ns uint64) []byte {
	switch id {
	case genTimeISO:
		return append(timetext.AppendISO(dst, ns), "+0000"...)
	case genDatetime, genDatetimeS:
		dst = append(timetext.AppendDate(dst, ns, g.Offset), ' ')
	}
	return timetext.AppendClock(dst, ns, g.Offset, id == genTime || id == genDatetime)
}
