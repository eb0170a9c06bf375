// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// planner has plans, and counts how often they are asked, for how many values.
type planner struct {
	constants
	calls, values int
	bad           bool // plans for several requests panic
}

func (p *planner) Plan(reqs []sdk.Request) (sdk.Plan, error) { return planned{p, reqs}, nil }

type planned struct {
	p    *planner
	reqs []sdk.Request
}

// Extract gives field 11 no value, all others a text that names the event and the field.
func (pl planned) Extract(e *event.Event, out []event.Value, mem *event.Arena) error {
	if pl.p.bad && len(pl.reqs) > 1 {
		panic("too many")
	}
	pl.p.calls++
	pl.p.values += len(out)
	for i := range out {
		if pl.reqs[i].Field != 11 {
			out[i] = sdk.Bytes(mem.Copy(fmt.Appendf(nil, "%s %d%s", e.Data, pl.reqs[i].Field, pl.reqs[i].Key)))
		}
	}
	return nil
}

// askSingly asks for one field after the other, from each of n events; often says which
// fields are asked for in which event.
func askSingly(t *testing.T, p *planner, n int, fields []uint32, often func(event, field int) bool, num func(event int) uint64) {
	t.Helper()
	old := exported.factory
	defer func() { exported.factory = old }()
	exported.factory = func() sdk.Plugin { return p }
	c := newCall(t, 0)
	blob := make([]byte, 0, 256) // the same memory for all events
	for i := range n {
		e := event.Event{Type: abi.PluginEvent, Data: fmt.Appendf(nil, "event %d", i%100)}
		blob = e.AppendBlob(blob[:0])
		c.event = hostEvent{blob: unsafe.Pointer(unsafe.SliceData(blob)), num: num(i)}
		for rule := range 3 {
			for _, f := range fields {
				if !often(i, int(f)) {
					continue
				}
				c.fields[0] = hostField{id: f, index: ^uint64(0), resLen: 5}
				if rc := c.do(); rc != abi.Success {
					t.Fatalf("event %d, field %d, rule %d: %s", i, f, rule, goString(LastError(c.state)))
				}
				if f == 11 {
					if c.fields[0].resLen != 0 {
						t.Fatalf("event %d: field 11 has %d values, want none", i, c.fields[0].resLen)
					}
					continue
				}
				if got, want := c.text(0), fmt.Sprintf("event %d %d", i%100, f); got != want {
					t.Fatalf("event %d, field %d, rule %d: got %q, want %q", i, f, rule, got, want)
				}
			}
		}
	}
}

func always(int, int) bool { return true }

func counted(i int) uint64 { return uint64(i) + 1 }

func TestAheadExtractsOncePerEvent(t *testing.T) {
	p := &planner{}
	askSingly(t, p, 3000, []uint32{1, 2, 3, 11}, always, counted)
	if limit := window*12 + 3000; p.calls > limit {
		t.Errorf("the plugin was asked %d times, want at most %d", p.calls, limit)
	}
}

// A field that only alerts show is not extracted from every event.
func TestAheadLeavesRareFieldsAlone(t *testing.T) {
	p := &planner{}
	askSingly(t, p, 3000, []uint32{1, 2, 3}, func(event, field int) bool { return field != 3 || event%50 == 0 }, counted)
	if limit := window*6 + 3000*2 + 3*3000/50; p.values > limit {
		t.Errorf("%d values were extracted, want at most %d", p.values, limit)
	}
}

// What is asked for changes, as with other rules.
func TestAheadFollowsTheHost(t *testing.T) {
	p := &planner{}
	askSingly(t, p, 4000, []uint32{1, 2, 3, 4}, func(event, field int) bool { return (event < 2000) == (field < 3) }, counted)
	if limit := 4*window*6 + 4000; p.calls > limit {
		t.Errorf("the plugin was asked %d times, want at most %d", p.calls, limit)
	}
}

// A host that numbers all its events the same gets right answers all the same.
func TestAheadTrustsNoNumber(t *testing.T) {
	askSingly(t, &planner{}, 1000, []uint32{1, 2}, always, func(int) uint64 { return 7 })
}

func TestAheadGivesUpAfterAPanic(t *testing.T) {
	p := &planner{bad: true}
	askSingly(t, p, 1000, []uint32{1, 2}, always, counted)
	if want := 1000 * 6; p.calls != want {
		t.Errorf("the plugin was asked %d times, want %d", p.calls, want)
	}
}
