// SPDX-License-Identifier: Apache-2.0

package json

import (
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

const absent = "<absent>"

func field(tb testing.TB, name string) (int, *abi.FieldInfo) {
	tb.Helper()
	for i := range fields {
		if fields[i].Name == name {
			return i, &fields[i]
		}
	}
	tb.Fatalf("no field %s", name)
	return 0, nil
}

// request parses name or name[key].
func request(tb testing.TB, text string) sdk.Request {
	tb.Helper()
	name, key, hasArg := strings.Cut(text, "[")
	id, info := field(tb, name)
	return sdk.Request{Field: id, Info: info, HasArg: hasArg, Key: strings.TrimSuffix(key, "]")}
}

func pluginEvent(data string) *event.Event {
	return &event.Event{Num: 1, Time: 1700000000123456789, Type: abi.PluginEvent, Data: []byte(data)}
}

// extract extracts one field in both ways, which must agree.
func extract(tb testing.TB, e *event.Event, text string) (string, error) {
	tb.Helper()
	p := New()
	req := request(tb, text)
	var out event.Value
	err := p.(sdk.Extractor).Extract(e, &req, &out, event.NewArena(nil, nil))
	plan, planErr := p.(sdk.Planner).Plan([]sdk.Request{request(tb, "json.value[/other]"), req})
	if planErr != nil {
		tb.Fatal(planErr)
	}
	var both [2]event.Value
	_ = plan.Extract(e, both[:], event.NewArena(nil, nil))
	if both[1].Str != out.Str || both[1].Present != out.Present {
		tb.Errorf("%s: together %+v, alone %+v", text, both[1], out)
	}
	if !out.Present {
		return absent, err
	}
	return out.Str, err
}

func TestExtract(t *testing.T) {
	f := func(data, field, want string) {
		t.Helper()
		got, err := extract(t, pluginEvent(data), field)
		if err != nil {
			t.Errorf("%s of %s: %v", field, data, err)
		}
		if got != want {
			t.Errorf("%s of %s: got %q, want %q", field, data, got, want)
		}
	}
	const doc = `{"kind":"Door", "room": {"no": 7, "a/b": ["x", {"~": null}]}, "open": true, "empty": ""}`
	f(doc, "json.value[/kind]", "Door")
	f(doc, "jevt.value[/kind]", "Door")
	f(doc, "jevt.value[kind]", "Door")
	f(doc, "json.value[/open]", "true")
	f(doc, "json.value[/empty]", "")
	f(doc, "json.value[/none]", absent)
	f(doc, "json.value[/room/no]", "7")
	f(doc, "json.value[/room]", `{"no":7,"a/b":["x",{"~":null}]}`)
	f(doc, "json.value[/room/a~1b/0]", "x")
	f(doc, "json.value[/room/a~1b/1/~0]", "null")
	f(doc, "json.value[/room/a~1b/2]", absent)
	f(doc, "json.value[/room/a~1b/x]", absent)
	f(doc, "json.value[]", `{"kind":"Door","room":{"no":7,"a/b":["x",{"~":null}]},"open":true,"empty":""}`)
	f(`[10, 20]`, "json.value[/1]", "20")
	f(`{"n":1.50E+2}`, "json.value[/n]", "1.50E+2")
	f(`{"s":"a\u00e9\"b"}`, "json.value[/s]", `aé"b`)
	f(`{"a":[1,{}],"b":"c"}`, "json.obj", "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"c\"\n}")
	f(`{"a":1}`, "jevt.obj", "{\n  \"a\": 1\n}")
	f(`{}`, "json.rawtime", "1700000000123456789")
	f(`{}`, "jevt.rawtime", "1700000000123456789")
}

func TestNotJSON(t *testing.T) {
	f := func(data, field, want string) {
		t.Helper()
		got, err := extract(t, pluginEvent(data), field)
		if err == nil {
			t.Errorf("%s of %q: got no error", field, data)
		}
		if got != want {
			t.Errorf("%s of %q: got %q, want %q", field, data, got, want)
		}
	}
	for _, data := range []string{"", "text", ` {"a":1}`, `"a"`, "1"} {
		f(data, "json.value[/a]", absent)
		f(data, "json.value[]", absent)
		f(data, "json.obj", absent)
		f(data, "json.rawtime", absent)
	}
	f(`{"a":`, "json.value[/a]", absent)
	f(`{"a":1`, "json.obj", absent)
	f(`{"b":1 ?`, "json.value[/a]", absent)
}

func TestOnlyPluginEvents(t *testing.T) {
	for _, typ := range []uint16{abi.AsyncEvent, 1} {
		e := pluginEvent(`{"a":1}`)
		e.Type = typ
		for _, name := range []string{"json.value[/a]", "json.obj", "json.rawtime"} {
			if got, err := extract(t, e, name); got != absent || err == nil {
				t.Errorf("type %d: %s: got %q, %v, want absent and an error", typ, name, got, err)
			}
		}
	}
}

func TestPlanRejectsUnknownField(t *testing.T) {
	if _, err := New().(sdk.Planner).Plan([]sdk.Request{{Field: len(fields)}}); err == nil {
		t.Error("got no error")
	}
}

const sample = `{"auditID":"4f1c2a52-aaaa-4bbb-8ccc-1234567890ab","stage":"ResponseComplete","verb":"create",` +
	`"user":{"username":"system:admin","groups":["system:masters"]},"note":"line\nbreak","objectRef":{"resource":"pods"}}`

func planOf(tb testing.TB, names ...string) (sdk.Plan, []event.Value) {
	tb.Helper()
	var reqs []sdk.Request
	for _, n := range names {
		reqs = append(reqs, request(tb, n))
	}
	plan, err := New().(sdk.Planner).Plan(reqs)
	if err != nil {
		tb.Fatal(err)
	}
	return plan, make([]event.Value, len(reqs))
}

func TestPlanAllocs(t *testing.T) {
	if raceDetector {
		t.Skip("pools forget things at random under the race detector")
	}
	plan, out := planOf(t, "json.value[/stage]", "jevt.value[/user/username]", "json.value[/note]",
		"json.value[/none]", "json.value[/objectRef]", "jevt.rawtime", "json.obj")
	e := pluginEvent(sample)
	mem := event.NewArena(nil, nil)
	n := testing.AllocsPerRun(200, func() {
		mem.Reset()
		clear(out)
		if err := plan.Extract(e, out, mem); err != nil {
			t.Fatal(err)
		}
	})
	if n >= 1 { // the pool may lose its scratch to a garbage collection
		t.Errorf("got %v allocations per event, want 0", n)
	}
}

func BenchmarkPlan(b *testing.B) {
	plan, out := planOf(b, "json.value[/stage]", "json.value[/verb]", "json.value[/user/username]", "json.value[/objectRef/resource]")
	e := pluginEvent(sample)
	mem := event.NewArena(nil, nil)
	for b.Loop() {
		mem.Reset()
		if err := plan.Extract(e, out, mem); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzExtract has no oracle of its own (package jsonscan has one): whatever the payload
// and the pointer, nothing panics and values alone and together are the same.
func FuzzExtract(f *testing.F) {
	f.Add([]byte(sample), "/user/groups/0")
	f.Add([]byte(`[{"a":`), "0/a")
	f.Fuzz(func(t *testing.T, data []byte, pointer string) {
		p := New().(sdk.Planner)
		for _, name := range []string{"json.value", "json.obj"} {
			id, info := field(t, name)
			req := sdk.Request{Field: id, Info: info, HasArg: true, Key: pointer}
			var alone [1]event.Value
			var twice [2]event.Value
			for _, c := range []struct {
				reqs []sdk.Request
				out  []event.Value
			}{{[]sdk.Request{req}, alone[:]}, {[]sdk.Request{req, req}, twice[:]}} {
				plan, err := p.Plan(c.reqs)
				if err != nil {
					t.Fatal(err)
				}
				_ = plan.Extract(pluginEvent(string(data)), c.out, event.NewArena(nil, nil))
			}
			if alone[0].Str != twice[1].Str || alone[0].Present != twice[0].Present {
				t.Errorf("alone %+v, together %+v", alone[0], twice)
			}
		}
	})
}
