// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/cbuild"
)

// What a library answers for a batch is checked: one usable answer is no reason to believe
// the next. After a call that fails, or tells nothing usable, events are asked one by one.
func TestTogether(t *testing.T) {
	text, list, ip := event.StringValue("text"), strs("a", "b"), event.StringValue("\x01\x02\x03\x04")
	flag, none := event.BoolValue(true), event.Value{}
	num := func(n uint64) event.Value { return event.NumValue(n) }
	singly := []event.Value{event.StringValue("singly"), none, none, none, none}
	for mode, want := range map[string][]event.Value{
		"":           {text, num(2), flag, ip, list},
		"scribble":   {text, num(2), flag, ip, list},
		"nul":        {text, num(2), flag, ip, strs("a", "xt")},
		"kinds":      {none, num(2), none, none, none}, // a flag is a number, too
		"unknown":    {none, none, none, none, none},
		"far":        {none, num(2), flag, none, none},
		"wrap":       {none, num(2), flag, ip, list},
		"long":       {none, num(2), flag, none, none},
		"forms":      {text, num(2), none, none, none},
		"elements":   {text, num(2), flag, ip, none},
		"nested":     {text, num(2), flag, ip, none},
		"shared":     {text, num(2), flag, ip, none}, // the first event has the elements
		"outside":    {text, num(2), flag, ip, none},
		"fail":       singly,
		"novalues":   singly,
		"noelements": singly,
		"nobytes":    singly,
		"unaligned":  singly,
	} {
		t.Run(mode, func(t *testing.T) {
			var log bytes.Buffer
			m, err := Open(cbuild.Library(t, "together.c"), slog.New(slog.NewTextHandler(&log, nil)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			p := start(t, m, mode)
			b := newBatch(t, p, 3)
			if err := openStream(t, p, "").Next(context.Background(), b); err != nil {
				t.Fatal(err)
			}
			got := extract(t, p, b, "together.text", "together.num", "together.flag", "together.ip", "together.list")
			if d := cmp.Diff(want, got.Row(1)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			odd := strings.Contains("kinds unknown far wrap long forms elements nested shared outside", mode) && mode != ""
			if has := strings.Contains(log.String(), "has a wrong value: it is not of the type of its field"); has != odd {
				t.Errorf("the log says that values are wrong: %v, want %v:\n%s", has, odd, log.String())
			}
		})
	}
}

// Events that the plugin does not want and texts of events have no such call. Event
// numbers, which the plugin watches, go on in any case.
func TestTogetherAndSingly(t *testing.T) {
	p := start(t, load(t, "together.c"), "")
	b := newBatch(t, p, 3)
	if err := openStream(t, p, "").Next(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	check := func(want string, names ...string) {
		t.Helper()
		if got := extract(t, p, b, names...).Row(0)[0].Str; got != want {
			t.Errorf("%v: got %q, want %q", names, got, want)
		}
	}
	check("text", "together.text", "together.text")
	check("singly", "together.text", "info")
	check("text", "together.text")
	b.Events = append(b.Events, event.Event{PluginID: 905, Type: abi.AsyncEvent, Name: "hi", Data: []byte("x")})
	check("singly", "together.text")
	b.Events = b.Events[:3]
	check("text", "together.text", "together.num")
}
