// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package interop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/internal/gobuild"
	"github.com/gyr-dev/gyr/loader"
	"github.com/gyr-dev/gyr/plugins/dummy"
)

func TestMain(m *testing.M) { os.Exit(gobuild.Main(m)) }

func load(t *testing.T, path string) host.Module {
	t.Helper()
	m, err := loader.Open(path, slog.New(slog.DiscardHandler), loader.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// publicSDK returns a plugin that is built on the public Go SDK, under a name of its own.
func publicSDK(t *testing.T, name string, id int) host.Module {
	t.Helper()
	flags := fmt.Sprintf("-ldflags=-X main.name=%s -X main.id=%d", name, id)
	return load(t, gobuild.Library(t, name, "testdata/gosdk", "./counter", flags))
}

func libdummy(t *testing.T) host.Module {
	t.Helper()
	return load(t, gobuild.Library(t, "dummy", ".", "./plugins/dummy/cshared"))
}

func kitchen(t *testing.T) host.Module {
	t.Helper()
	return load(t, gobuild.Library(t, "kitchen", ".", "./sdk/cshared/testdata/kitchen"))
}

func start(t *testing.T, m host.Module, config string) host.Plugin {
	t.Helper()
	p, err := m.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// wants makes wants with the cells 0, 1, ... of "field", "field[index]" or "field[key]";
// "" is evt.plugininfo.
func wants(t *testing.T, p host.Plugin, refs []string) (list []fields.Want) {
	t.Helper()
	known := map[string]*fields.Field{"": {ID: fields.InfoID}}
	for i, f := range p.Module().Info().Fields {
		known[f.Name] = &fields.Field{FieldInfo: f, ID: uint32(i)}
	}
	for i, s := range refs {
		name, arg, hasArg := strings.Cut(strings.TrimSuffix(s, "]"), "[")
		f := known[name]
		if f == nil {
			t.Fatalf("there is no field %s", name)
		}
		ref := fields.Ref{Field: f, Arg: arg, HasArg: hasArg}
		if hasArg && f.Arg.Index {
			n := uint64(0)
			if _, err := fmt.Sscan(arg, &n); err == nil {
				ref = fields.IndexRef(f, n)
			}
		}
		list = append(list, fields.Want{Ref: ref, Cell: i})
	}
	return list
}

// read opens a stream, extracts refs from each of its events and calls see with the row
// and the payload. It returns what ended the stream.
func read(t *testing.T, p host.Plugin, params string, refs []string, see func(data, row string)) error {
	t.Helper()
	src, err := p.Open(params)
	if err != nil {
		return err
	}
	defer func() {
		if err := src.Close(); err != nil {
			t.Error(err)
		}
	}()
	plan, err := p.Plan(wants(t, p, refs))
	if err != nil {
		t.Fatal(err)
	}
	arena := event.NewArena(cmem.Alloc, cmem.Free)
	defer arena.Free()
	b := event.NewBatch(128, arena)
	b.Source = p.Module().Info().Source
	var table fields.Table
	for num := uint64(1); ; {
		end := src.Next(context.Background(), b)
		var rows []int32
		for i := range b.Events {
			b.Events[i].Num = num
			num++
			rows = append(rows, int32(i))
		}
		table.Resize(len(rows), len(refs))
		if err := plan.Extract(b, rows, &table); err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			see(string(b.Events[i].Data), show(table.Row(i)))
		}
		b.Release()
		if errors.Is(end, io.EOF) {
			return nil
		}
		if end != nil {
			return end
		}
	}
}

// show writes a row: "-" for what is absent, a list in brackets.
func show(row []event.Value) string {
	var parts []string
	for _, v := range row {
		switch {
		case !v.Present:
			parts = append(parts, "-")
		case v.List != nil:
			parts = append(parts, "["+show(v.List)+"]")
		case v.Str != "":
			parts = append(parts, v.Str)
		default:
			parts = append(parts, strconv.FormatUint(v.Num, 10))
		}
	}
	return strings.Join(parts, "|")
}

var counterRefs = []string{"ev.num", "ev.text", "ev.word[0]", "ev.word[1]", "ev.key[a]", "ev.key[b]", "ev.words", "ev.even", "ev.never", ""}

// counterRow is what the plugin of testdata/gosdk says of its n-th event.
func counterRow(n int) (data, row string) {
	second := strings.Repeat("x", n%50)
	data = fmt.Sprintf("%d %s", n, second)
	even := 0
	list := fmt.Sprintf("[%d|%s]", n, second)
	if n%2 == 0 {
		even = 1
	}
	if second == "" {
		second, list = "-", fmt.Sprintf("[%d]", n)
	}
	return data, fmt.Sprintf("%d|%s|%d|%s|a=%d|b=%d|%s|%d|-|text of %s", n, data, n, second, n, n, list, even, data)
}

// count reads n events of such a plugin and compares everything.
func count(t *testing.T, p host.Plugin, n int) {
	t.Helper()
	seen := 0
	err := read(t, p, strconv.Itoa(n), counterRefs, func(data, row string) {
		seen++
		wantData, wantRow := counterRow(seen)
		if data != wantData || row != wantRow {
			t.Errorf("event %d:\ngot  %q: %s\nwant %q: %s", seen, data, row, wantData, wantRow)
		}
	})
	if err != nil || seen != n {
		t.Errorf("got %d events and %v, want %d", seen, err, n)
	}
}

func TestPublicSDK(t *testing.T) {
	f := func(name string, id int, config string) {
		t.Run(name, func(t *testing.T) {
			m := publicSDK(t, name, id)
			info := m.Info()
			if info.Name != name || info.ID != uint32(id) || info.Source != name || len(info.Fields) != 7 ||
				!info.Caps.Has(host.Sourcing|host.Extraction) {
				t.Errorf("got %+v", info)
			}
			p := start(t, m, config)
			count(t, p, 1000)
			if list, err := p.OpenParams(); err != nil || len(list) != 1 || list[0].Value != "10" {
				t.Errorf("open params: got %v, %v", list, err)
			}
			if err := read(t, p, "x", nil, nil); err == nil || !strings.Contains(err.Error(), "not a number") {
				t.Errorf("open: got %v", err)
			}
			if err := read(t, p, "250!", nil, func(string, string) {}); err == nil || !strings.Contains(err.Error(), "the counter is broken") {
				t.Errorf("read: got %v", err)
			}
			if _, err := m.New(`{"garbage": "much"}`); err == nil || !strings.Contains(err.Error(), "init config: In <root>[garbage]") {
				t.Errorf("schema: got %v", err)
			}
		})
	}
	f("withasync", 901, "")
	f("withoutasync", 902, `{"useAsync": false}`)
}

// Four Go runtimes, ours among them, at work in one process, all of them collecting garbage.
func TestManyRuntimes(t *testing.T) {
	one := start(t, publicSDK(t, "withasync", 901), `{"garbage": 10000}`)
	two := start(t, publicSDK(t, "withoutasync", 902), `{"useAsync": false, "garbage": 10000}`)
	three := start(t, libdummy(t), "")
	var wg sync.WaitGroup
	// The first has a worker that its callers wait for without giving up the processor.
	wg.Go(func() { count(t, one, 100) })
	wg.Go(func() {
		for range 3 {
			count(t, two, 500)
		}
	})
	wg.Go(func() {
		for range 10 {
			n := 0
			err := read(t, three, `{"maxEvents": 3000}`, []string{"dummy.strvalue", "dummy.value"}, func(data, row string) {
				n++
				if row != data+"|"+data {
					t.Errorf("got %s of %s", row, data)
				}
			})
			if err != nil || n != 3000 {
				t.Errorf("got %d events and %v, want 3000", n, err)
			}
			runtime.GC()
		}
	})
	wg.Wait()
}

// A plugin says the same whether it is linked in or loaded.
func TestBothWays(t *testing.T) {
	linked, err := host.Linked(dummy.New)
	if err != nil {
		t.Fatal(err)
	}
	loaded := libdummy(t)
	got := *loaded.Info()
	got.Path = ""
	if d := cmp.Diff(linked.Info(), &got); d != "" {
		t.Errorf("info (-linked +loaded):\n%s", d)
	}
	refs := []string{"dummy.value", "dummy.divisible[3]", "dummy.divisible[0]", "dummy.strvalue", "dummy.divisible[7]", ""}
	var rows [2][]string
	for i, m := range []host.Module{linked, loaded} {
		p := start(t, m, `{"jitter": 0}`)
		err := read(t, p, `{"start": 0, "maxEvents": 500}`, refs, func(_, row string) { rows[i] = append(rows[i], row) })
		if err != nil {
			t.Error(err)
		}
		if err := read(t, p, "nonsense", nil, nil); err == nil || !strings.Contains(err.Error(), "wrong open params format: ") {
			t.Errorf("open: got %v", err)
		}
	}
	if d := cmp.Diff(rows[0], rows[1]); d != "" {
		t.Errorf("rows (-linked +loaded):\n%s", d)
	}
	if want := `21|1|-|21|1|{"sample": "21"}`; len(rows[0]) != 500 || rows[0][20] != want {
		t.Errorf("got %d rows, the 21st %s; want 500 and %s", len(rows[0]), rows[0][20], want)
	}
}

// Every type of value, and a plugin that panics wherever it can.
func TestOwnSDK(t *testing.T) {
	m := kitchen(t)
	p := start(t, m, "")
	refs := []string{"k.num", "k.bool", "k.rel", "k.abs", "k.ip4", "k.strs", "k.bools", "k.panic", "k.error", "k.empty", "k.badip", "k.arg", "k.arg[3]", "k.arg[x]", ""}
	var rows []string
	if err := read(t, p, "5", refs, func(_, row string) { rows = append(rows, row) }); err != nil {
		t.Error(err)
	}
	row := func(n int, info string) string {
		return fmt.Sprintf("NUM|1|1000000000|%d|\xc0\x00\x02\x01|[a|0|event %d]|[1|0|1]|-|-|0|-|none|index 3|key x|%s", n, n, info)
	}
	want := []string{
		row(1, "text of event 1"), row(2, "text of event 2"), row(3, "datalen=7 data=event 3"), row(4, "datalen=7 data=event 4"), row(5, "text of event 5"),
	}
	for i := range rows { // the number that a plugin sees is the loader's affair
		_, rest, _ := strings.Cut(rows[i], "|")
		rows[i] = "NUM|" + rest
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	// Without the text of the event the answers come in one call for all events.
	together := 0
	err := read(t, p, "5", refs[:len(refs)-1], func(_, row string) {
		_, row, _ = strings.Cut(row, "|")
		if text := want[together]; !strings.HasPrefix(text, "NUM|"+row+"|") {
			t.Errorf("together: got %q, want the beginning of %q", row, text)
		}
		together++
	})
	if err != nil || together != 5 {
		t.Errorf("together: got %d events and %v", together, err)
	}
	f := func(params, want string, events int) {
		t.Helper()
		n := 0
		err := read(t, p, params, nil, func(string, string) { n++ })
		if err == nil || !strings.Contains(err.Error(), want) || n != events {
			t.Errorf("open %s: got %d events and %v, want %d and %q", params, n, err, events, want)
		}
	}
	f("fail", "open fails", 0)
	f("panic", "panic: open panics", 0)
	f("fail-200", "stream fails", 200)
	f("panic-200", "panic: stream panics", 200)
	for config, want := range map[string]string{`{"x": 1`: "not a valid json", `[]`: "init config: In <root>"} {
		if _, err := m.New(config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("init %s: got %v, want %q", config, err, want)
		}
	}
}

// A stream without events sleeps until nobody waits for it any more.
func TestOwnSDKWaits(t *testing.T) {
	p := start(t, kitchen(t), "")
	src, err := p.Open("wait")
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(8, event.NewArena(nil, nil))
	for _, patience := range []time.Duration{200 * time.Millisecond, 0, 100 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		if err := src.Next(ctx, b); err != nil || len(b.Events) > 0 {
			t.Errorf("got %d events and %v", len(b.Events), err)
		}
		if ctx.Err() == nil {
			t.Errorf("did not wait for %v", patience)
		}
		cancel()
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
}
