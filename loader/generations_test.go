// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
)

func TestOlderGenerations(t *testing.T) {
	for gen, api := range []string{"0.3.0", "1.0.0", "2.0.0"} {
		t.Run(api, func(t *testing.T) {
			m := load(t, "old.c", fmt.Sprintf("-DGEN=%d", gen))
			if got := m.Info(); got.RequiredAPI != api || got.Caps != host.Sourcing|host.Extraction || got.ID != 906 || got.Source != "old" {
				t.Errorf("info is %+v", got)
			}
			if _, err := m.New("bad"); err == nil || err.Error() != "plugin old: could not initialize plugin: bad config" {
				t.Errorf("error = %v", err)
			}
			p := start(t, m, "conf")
			b := newBatch(t, p, 10)
			s := openStream(t, p, "")
			for n := 0; ; n++ {
				if err := s.Next(context.Background(), b); errors.Is(err, io.EOF) {
					break
				} else if err != nil || n > 10 {
					t.Fatal(err)
				}
			}
			if len(b.Events) != 7 {
				t.Fatalf("%d events, want 7", len(b.Events))
			}
			names := []string{"info", "old.data", "old.len", "old.arg[k]", "old.arg[l]", "old.none", "old.config"}
			if gen > 0 {
				names = append(names, "old.index[2]")
			}
			tab := extract(t, p, b, names...)
			for i := range b.Events {
				var e event.Event
				if err := e.Decode(b.Events[i].Blob); err != nil {
					t.Fatal(err)
				}
				text := fmt.Sprintf("old %d", i)
				if string(e.Data) != text || e.Time != uint64(5000+i) || e.PluginID != 906 || e.Type != abi.PluginEvent {
					t.Errorf("event %d is %+v", i, e)
				}
				want := []event.Value{
					event.StringValue("text: " + text), event.StringValue(text), event.NumValue(5), event.StringValue("k"), event.StringValue("l"),
					{}, event.StringValue("conf"),
				}
				if gen > 0 {
					want = append(want, event.ListValue([]event.Value{event.NumValue(0), event.NumValue(1)}))
				}
				if d := cmp.Diff(want, tab.Row(i)); d != "" {
					t.Errorf("event %d -want +got:\n%s", i, d)
				}
			}
			// Before 2.0 one call at a time enters the library, whatever the state.
			if one, want := p.extracting == &m.lib.mu, gen < 2; one != want {
				t.Errorf("one lock for the library is %v, want %v", one, want)
			}
		})
	}
}

func TestOldExtractor(t *testing.T) {
	m := load(t, "old.c", "-DGEN=0", "-DTYPE=2")
	if got := m.Info(); got.Caps != host.Extraction || got.Source != "" || got.ExtractSources != nil {
		t.Errorf("info is %+v", got)
	}
	p := start(t, m, "")
	b := newBatch(t, p, 1)
	b.Source = "any"
	b.Add(1, 1, []byte("payload"))
	if got := extract(t, p, b, "old.data").Cells[0]; got.Str != "payload" {
		t.Errorf("got %+v", got)
	}
}
