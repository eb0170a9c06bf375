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

// begin initialises a state that the test closes.
func begin(t *testing.T, m host.Module, config string) *plugin {
	t.Helper()
	p, err := m.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return p.(*plugin)
}

// Before 2.0 nothing told libraries that they could have several states, and those made
// with the Go SDK of the time have one, whatever init returns.
func TestOldLibrariesHaveOneStateAtATime(t *testing.T) {
	for gen := range 2 {
		t.Run(fmt.Sprintf("API %d", gen), func(t *testing.T) {
			m := load(t, "old.c", fmt.Sprintf("-DGEN=%d", gen), "-DONE")
			for round := range 2 {
				a, b := begin(t, m, "conf"), begin(t, m, "conf")
				if err := a.Close(); err != nil {
					t.Fatal(err)
				}
				batch := newBatch(t, b, 1)
				batch.Add(906, 1, []byte("payload"))
				if got := extract(t, b, batch, "old.data").Cells[0]; got.Str != "payload" {
					t.Errorf("round %d: after the other was closed: got %+v", round, got)
				}
				if _, err := m.New("other"); err == nil || err.Error() != "plugin old: init: the library is in use with another configuration, and before API 2.0 a library has one state" {
					t.Errorf("round %d: error = %v", round, err)
				}
				if err := b.Close(); err != nil {
					t.Fatal(err)
				}
				if err := b.Close(); err == nil {
					t.Errorf("round %d: a third close is no error", round)
				}
			}
		})
	}
	m := load(t, "old.c", "-DGEN=2")
	a, b := begin(t, m, "conf"), begin(t, m, "conf")
	if a == b {
		t.Error("one state of API 2.0 for two")
	}
	if err := errors.Join(a.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestOldGoLibrariesAreNotDestroyed(t *testing.T) {
	m := load(t, "old.c", "-DGEN=0", "-DGOLIB")
	for _, config := range []string{"conf", "conf", "new", "new"} {
		p := begin(t, m, config)
		b := newBatch(t, p, 1)
		b.Add(906, 1, []byte("payload"))
		if got := extract(t, p, b, "old.config").Cells[0]; got.Str != config {
			t.Errorf("configured as %q: got %+v", config, got)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The Go SDK's extract_fields busy-waits for another thread; its other function does not.
func TestGoLibrariesAreAskedWithoutBusyWaiting(t *testing.T) {
	f := func(want uint64, flags ...string) {
		t.Helper()
		m := load(t, "old.c", append(flags, "-DSYNC")...)
		p := begin(t, m, "")
		defer p.Close()
		b := newBatch(t, p, 1)
		b.Add(906, 1, []byte("payload"))
		if got := extract(t, p, b, "old.len").Cells[0]; got.Num != want {
			t.Errorf("%v: got %+v, want %d", flags, got, want)
		}
	}
	for gen := range 3 {
		api := fmt.Sprintf("-DGEN=%d", gen)
		f(1007, api, "-DGOLIB")
		f(7, api) // not of the Go SDK, whatever the function is
	}
}
