// SPDX-License-Identifier: Apache-2.0

package fields

import (
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// extractAll extracts every generic field of the events of a batch.
func extractAll(t testing.TB, g *Generic, b *event.Batch) (func(row int, name string) event.Value, func()) {
	t.Helper()
	var wants []Want
	cells := map[string]int{}
	for _, f := range g.Fields(nil) {
		if f.ID == InfoID {
			continue
		}
		cells[f.Name] = len(wants)
		wants = append(wants, Want{Ref{Field: f}, len(wants)})
	}
	plan, err := g.Plan(wants)
	if err != nil {
		t.Fatal(err)
	}
	var tab Table
	tab.Resize(len(b.Events), len(wants))
	var rows []int32
	for i := range b.Events {
		rows = append(rows, int32(i))
	}
	run := func() {
		if err := plan.Extract(b, rows, &tab); err != nil {
			t.Fatal(err)
		}
	}
	run()
	return func(row int, name string) event.Value { return tab.Row(row)[cells[name]] }, run
}

func TestGenericFields(t *testing.T) {
	b := event.NewBatch(4, event.NewArena(nil, nil))
	b.Source, b.Start = "dummy", 1_700_000_000_000_000_000
	b.Add(3, 1_700_000_000_001_000_000, []byte("x"))
	b.Events = append(b.Events, event.Event{Num: 2, Time: 1_699_999_999_999_999_999, PluginID: 3, Type: abi.AsyncEvent, Name: "tick"})
	b.Add(9, 1_700_000_003_000_000_007, []byte("y"))
	b.Events[0].Num = 1
	g := &Generic{Hostname: "box", Offset: 3600, Plugins: map[uint32]string{3: "dummy"}}
	get, _ := extractAll(t, g, b)

	str := func(row int, name, want string) {
		t.Helper()
		if v := get(row, name); !v.Present || v.Str != want {
			t.Errorf("event %d: %s is %q (present %v), want %q", row, name, v.Str, v.Present, want)
		}
	}
	num := func(row int, name string, want uint64) {
		t.Helper()
		if v := get(row, name); !v.Present || v.Num != want {
			t.Errorf("event %d: %s is %d (present %v), want %d", row, name, v.Num, v.Present, want)
		}
	}
	absent := func(row int, name string) {
		t.Helper()
		if v := get(row, name); v.Present {
			t.Errorf("event %d: %s is %+v, want absent", row, name, v)
		}
	}
	num(0, "evt.num", 1)
	str(0, "evt.time", "23:13:20.001000000")
	str(0, "evt.time.s", "23:13:20")
	str(0, "evt.time.iso8601", "2023-11-14T22:13:20.001000000+0000")
	str(0, "evt.datetime", "2023-11-14 23:13:20.001000000")
	str(0, "evt.datetime.s", "2023-11-14 23:13:20")
	num(0, "evt.rawtime", 1_700_000_000_001_000_000)
	num(0, "evt.rawtime.s", 1_700_000_000)
	num(0, "evt.rawtime.ns", 1_000_000)
	num(0, "evt.reltime", 1_000_000)
	num(2, "evt.reltime.s", 3)
	num(2, "evt.reltime.ns", 7)
	num(1, "evt.reltime", 1<<64-1) // before the start: it wraps
	str(0, "evt.pluginname", "dummy")
	absent(1, "evt.pluginname")
	absent(2, "evt.pluginname")
	str(0, "evt.source", "dummy")
	num(0, "evt.is_async", 0)
	num(1, "evt.is_async", 1)
	absent(0, "evt.asynctype")
	str(1, "evt.asynctype", "tick")
	str(0, "evt.hostname", "box")
	if v := get(0, "evt.time"); v.Num != b.Events[0].Time {
		t.Errorf("evt.time has %d in Num, want the nanoseconds for JSON", v.Num)
	}
}

func TestGenericDoesNotAllocate(t *testing.T) {
	b := event.NewBatch(4, event.NewArena(nil, nil))
	b.Add(3, 1_700_000_000_001_000_000, []byte("x"))
	_, run := extractAll(t, &Generic{Hostname: "box"}, b)
	n := testing.AllocsPerRun(1000, func() {
		run()
		b.Arena.Reset()
	})
	if n != 0 {
		t.Errorf("%v allocations per event, want none", n)
	}
}

func TestGenericRefusesFieldsOfOthers(t *testing.T) {
	g := &Generic{}
	f := g.Fields(NewStatic(nil))
	for _, field := range f {
		if field.Name != "evt.plugininfo" {
			continue
		}
		if _, err := g.Plan([]Want{{Ref{Field: field}, 0}}); err == nil {
			t.Error("a plan for evt.plugininfo, which belongs to the plugin")
		}
	}
}

func TestStatic(t *testing.T) {
	s := NewStatic(map[string]string{"site": "lab", "env": "test"})
	cat := NewCatalogue()
	if err := cat.Add("dummy", StaticClass, s, s.Fields()); err != nil {
		t.Fatal(err)
	}
	ref, err := cat.Resolve("dummy", "static.site")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := s.Plan([]Want{{ref, 0}})
	if err != nil {
		t.Fatal(err)
	}
	var tab Table
	tab.Resize(2, 1)
	if err := plan.Extract(nil, []int32{1}, &tab); err != nil || tab.Row(1)[0].Str != "lab" {
		t.Errorf("static.site is %q (%v), want lab", tab.Row(1)[0].Str, err)
	}
}
