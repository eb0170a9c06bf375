// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// Result codes that are none are failures, and the plugin is named.
func TestUnknownResultCodes(t *testing.T) {
	m := load(t, "rude.c")
	f := func(got error, want string) {
		t.Helper()
		if fmt.Sprint(got) != want {
			t.Errorf("error %v, want %s", got, want)
		}
	}
	_, err := m.New("rc")
	f(err, "plugin rude: could not initialize plugin: the plugin gives no reason")
	_, err = start(t, m, "open").Open("")
	f(err, "plugin rude: open: the plugin gives no reason")
	p := start(t, m, "batch")
	b := newBatch(t, p, 8)
	f(openStream(t, p, "").Next(context.Background(), b), "plugin rude: next batch: the plugin gives no reason")
	p = start(t, m, "extract")
	// The answer of a call that fails is not used.
	b.Source = "rude"
	b.Add(907, 1, []byte("x"))
	if v := extract(t, p, b, "rude.f").Row(0)[0]; v.Present {
		t.Errorf("got %v, want no value", v)
	}
	_, err = start(t, m, "set").SetConfig("new")
	f(err, "plugin rude: set config: the plugin gives no reason")
}

func TestNonsenseOfOptionalFunctions(t *testing.T) {
	m := load(t, "rude.c")
	for mode, want := range map[string][]sdk.Metric{"metrics": {sdk.Gauge("kind", uint32(2))}, "no metrics": nil, "metrics without end": nil} {
		if d := cmp.Diff(want, start(t, m, mode).Metrics()); d != "" {
			t.Errorf("%s (-want +got):\n%s", mode, d)
		}
	}
	for mode, want := range map[string]string{
		"":       "[] <nil>",
		"params": "[] error in plugin rude: list_open_params returned a non-array JSON",
	} {
		if got, err := start(t, m, mode).OpenParams(); fmt.Sprint(got, err) != want {
			t.Errorf("%q: got %v %v, want %s", mode, got, err, want)
		}
	}
	for mode, want := range map[string]string{"": "0.5 50.00%", "progress": "1 100.00%"} {
		s := openStream(t, start(t, m, mode), "")
		if share, text := s.(event.Progresser).Progress(); fmt.Sprint(share, " ", text) != want {
			t.Errorf("%q: progress %v %q, want %s", mode, share, text, want)
		}
		b := newBatch(t, start(t, m, mode), 8)
		if err := s.Next(context.Background(), b); err != io.EOF || len(b.Events) != 0 {
			t.Errorf("%q: %d events, %v; want EOF", mode, len(b.Events), err)
		}
	}
}

// Fields are extracted from the usual events if the list of their types makes no sense.
func TestNonsenseOfEventTypes(t *testing.T) {
	for _, mode := range []string{"types", "types without end"} {
		p := start(t, load(t, "rude.c"), mode)
		b := newBatch(t, p, 2)
		b.Source = "rude"
		b.Add(907, 1, []byte("x"))
		b.Events = append(b.Events, event.Event{PluginID: 907, Type: abi.AsyncEvent, Name: "n"})
		if tab := extract(t, p, b, "rude.f"); !tab.Cells[0].Present || tab.Cells[1].Present {
			t.Errorf("%s: present are %t, %t; want true, false", mode, tab.Cells[0].Present, tab.Cells[1].Present)
		}
	}
}
