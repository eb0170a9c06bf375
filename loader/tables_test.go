// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/state"
)

// startWith initialises a state with tables.
func startWith(tb testing.TB, m *module, config string, tables state.Registry) *plugin {
	tb.Helper()
	p, err := m.NewWithTables(config, tables)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := p.Close(); err != nil {
			tb.Error(err)
		}
	})
	return p.(*plugin)
}

const (
	ownerName = `-DNAME="owner"`
	userName  = `-DNAME="user"`
)

// users are plugins that use the table in all ways: as of API 3.12, and as of API 3.0,
// which has neither iteration nor release.
var users = map[string][]string{
	"3.12": {userName},
	"3.0":  {userName, `-DAPI="3.0.0"`, "-DNO_LOG", "-DOLD"},
}

// makers make the table "people" in a registry: another plugin, or Go.
var makers = map[string]func(tb testing.TB, tables state.Registry){
	"plugin": func(tb testing.TB, tables state.Registry) {
		startWith(tb, load(tb, "tables.c", "-DOWNER", ownerName), "", tables)
	},
	"plugin of API 3.0": func(tb testing.TB, tables state.Registry) {
		startWith(tb, load(tb, "tables.c", "-DOWNER", ownerName, `-DAPI="3.0.0"`, "-DNO_LOG",
			"-DSPOIL=t.reader_ext=NULL,t.writer_ext=NULL,t.fields_ext=NULL"), "", tables)
	},
	"go": func(tb testing.TB, tables state.Registry) {
		tab, err := state.New("people", state.String,
			state.Column{Name: "n", Type: state.Uint64}, state.Column{Name: "name", Type: state.String},
			state.Column{Name: "visits", Type: state.TableType, Key: state.Int64, Columns: []state.Column{{Name: "n", Type: state.Uint64}}})
		if err == nil {
			err = tables.Add(&guarded{tab})
		}
		if err != nil {
			tb.Fatal(err)
		}
	},
}

// guarded is a table that refuses a key.
type guarded struct{ *state.Mem }

func (g *guarded) Add(key state.Value, e state.Entry) (state.Entry, error) {
	if key.Str == "forbidden" {
		return nil, errors.New("the table does not have it")
	}
	return g.Mem.Add(key, e)
}

// see shows a payload to a parsing plugin, extracts all fields and returns their values.
func see(tb testing.TB, p *plugin, payload string) string {
	tb.Helper()
	b := newBatch(tb, p, 1)
	b.Source = "any"
	b.Add(1, 1, []byte(payload))
	b.Events[0].Num = 1
	parse := "ok"
	if err := p.Parse(b, 0); err != nil {
		parse = "failed"
	}
	row := extract(tb, p, b, "user.n", "user.name", "user.size", "user.sum", "user.some", "user.visits").Row(0)
	text := parse
	for _, v := range row {
		switch {
		case !v.Present:
			text += " -"
		case v.Str != "":
			text += " " + v.Str
		default:
			text += fmt.Sprint(" ", v.Num)
		}
	}
	return text
}

// One plugin uses a table, whoever made it, and whatever their generations.
func TestTables(t *testing.T) {
	for maker, add := range makers {
		for user, flags := range users {
			t.Run(maker+", used by "+user, func(t *testing.T) {
				tables := host.NewTables()
				add(t, tables)
				p := startWith(t, load(t, "tables.c", flags...), "people 9", tables)
				iterates := user != "3.0" && maker != "plugin of API 3.0"
				f := func(payload, want, sums string) {
					t.Helper()
					if !iterates {
						sums = " 0 0"
					}
					want = strings.Replace(want, " %", sums, 1)
					if got := see(t, p, payload); got != want {
						t.Errorf("%s: %s, want %s", payload, got, want)
					}
				}
				// parse, then n, name, size, sum, some, visits
				f("ann", "ok 1 ann 1 % 10", " 1 1")
				f("ann", "ok 2 ann 1 % 20", " 2 1")
				f("bob", "ok 1 bob 2 % 10", " 3 2")
				f("cy", "ok 1 cy 3 % 10", " 4 2")
				f("-bob", "ok - - 2 % -", " 3 2")
				f("-bob", "failed - - 2 % -", " 3 2")
				f("?", "ok - - 2 % -", " 3 2")
				f("forbidden", "failed - - 2 % -", " 3 2")
				f("!", "ok - - 0 % -", " 0 0")
				f("ann", "ok 1 ann 1 % 10", " 1 1")
				if n := len(p.goside.entries); n != 0 {
					t.Errorf("%d entries are still in the plugin's hands", n)
				}
			})
		}
	}
}

// An entry that a plugin gets it releases, and nothing else keeps one.
func TestEntriesAreReleased(t *testing.T) {
	tables := host.NewTables()
	owner := startWith(t, load(t, "tables.c", "-DOWNER", ownerName), "", tables)
	user := startWith(t, load(t, "tables.c", userName), "people 9", tables)
	before := metric(t, owner, "outstanding") // by other tests
	for i := range 20 {
		see(t, user, fmt.Sprint(i%3))
	}
	if n := metric(t, owner, "outstanding"); n != before {
		t.Errorf("%v entries are not released, %v before", n, before)
	}
}

// What users of a table are told.
func TestTableErrors(t *testing.T) {
	tables := host.NewTables()
	startWith(t, load(t, "tables.c", "-DOWNER", ownerName), "", tables)
	m, log := loadLogged(t, "tables.c", userName)
	p := startWith(t, m, "people 9", tables)
	want := []string{
		"table: threads 4", "table: people 9", "field: n 8 0", "field: name 9 0", "field: visits 10 1", "field n: the table does not have it",
	}
	messages := func() (list []string) {
		for _, l := range strings.Split(strings.TrimSpace(log.take()), "\n") {
			list = append(list, strings.Trim(strings.TrimPrefix(l, "msg="), `"`))
		}
		return list
	}
	if d := cmp.Diff(want, messages()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	see(t, p, "?")
	see(t, p, "forbidden")
	if d := cmp.Diff([]string{
		"missing: the table does not have it", "refused: the table does not have it", "plugin user: an event cannot be parsed: the table does not have it",
	}, messages()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	f := func(config, want string) {
		t.Helper()
		if _, err := m.NewWithTables(config, tables); err == nil {
			t.Errorf("%s: no error", config)
		}
		if got := messages(); !slices.Contains(got, want) {
			t.Errorf("%s: %q, want %q", config, got, want)
		}
	}
	f("people 4", "get: table in registry accessed with wrong key type: table='people', requested='int64', actual='string'")
	f("threads 9", "get: table in registry accessed with wrong key type: table='threads', requested='string', actual='int64'")
	f("nobody 4", "get: table nobody: no such table")
}

func TestOfferedTablesAreChecked(t *testing.T) {
	f := func(spoil, want string) {
		t.Helper()
		m, log := loadLogged(t, "tables.c", "-DOWNER", ownerName, "-DSPOIL="+spoil)
		if _, err := m.New(""); err == nil {
			t.Errorf("%s: no error", spoil)
		}
		want = "msg=\"add: failure in adding state table defined by plugin 'owner': " + want + "\""
		if got := log.take(); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", spoil, got, want)
		}
	}
	f("t.name=NULL", "name is null")
	f("t.key_type=10", "invalid key type")
	f("t.key_type=0", "invalid key type")
	f("t.reader_ext=NULL", "extended vtables must all be defined")
	f("t.writer_ext=NULL", "extended vtables must all be defined")
	f("t.fields_ext=NULL", "extended vtables must all be defined")
	f("t.reader.get_table_size=NULL", "broken or inconsistent reader vtables")
	f("bad_reader.get_table_entry=NULL", "broken or inconsistent reader vtables")
	f("bad_reader.release_table_entry=NULL", "broken or inconsistent reader vtables")
	f("bad_reader.iterate_entries=NULL", "broken or inconsistent reader vtables")
	f("bad_writer.destroy_table_entry=t_release", "broken or inconsistent writer vtables")
	f("t.writer.clear_table=NULL", "broken or inconsistent writer vtables")
	f("t.fields.list_table_fields=NULL", "broken or inconsistent fields vtables")
	f("bad_fields.add_table_field=t_field", "broken or inconsistent fields vtables")
}

// What the owner of a table is told besides.
func TestATableIsAddedOnce(t *testing.T) {
	m, log := loadLogged(t, "tables.c", "-DOWNER", ownerName)
	tables := host.NewTables()
	startWith(t, m, "", tables)
	if got := log.take(); !strings.Contains(got, "again: table added to registry multiple times: people") {
		t.Errorf("log %s", got)
	}
	if _, err := m.NewWithTables("", tables); err == nil {
		t.Error("two plugins offer one table")
	}
}

func TestThreads(t *testing.T) {
	m, log := loadLogged(t, "tables.c", userName)
	p := startWith(t, m, "threads 4", host.NewTables())
	if got := see(t, p, "?"); got != "ok - - 0 0 0 -" {
		t.Errorf("got %s", got)
	}
	if got := log.take(); !strings.Contains(got, "missing: no entry with this key") {
		t.Errorf("log %s", got)
	}
}

// A plugin keeps a table whose owner is gone: it has no entries any more.
func TestOwnerGoesFirst(t *testing.T) {
	tables := host.NewTables()
	owner, err := load(t, "tables.c", "-DOWNER", ownerName).NewWithTables("", tables)
	if err != nil {
		t.Fatal(err)
	}
	m, log := loadLogged(t, "tables.c", userName)
	p := startWith(t, m, "people 9", tables)
	see(t, p, "ann")
	if err := owner.Close(); err != nil {
		t.Fatal(err)
	}
	if got := see(t, p, "ann"); !strings.HasPrefix(got, "failed - - ") {
		t.Errorf("got %s", got)
	}
	if got := log.take(); !strings.Contains(got, "refused: the plugin that owns the table is gone") {
		t.Errorf("log %s", got)
	}
}

// Go sees the table of a plugin as any other.
func TestTableOfAPluginInGo(t *testing.T) {
	tables := host.NewTables()
	owner := startWith(t, load(t, "tables.c", "-DOWNER", ownerName), "", tables)
	before := metric(t, owner, "outstanding") // by other tests
	tab, err := tables.Get("people", state.String)
	if err != nil {
		t.Fatal(err)
	}
	want := []state.FieldInfo{{Name: "n", Type: state.Uint64}, {Name: "name", Type: state.String}, {Name: "visits", Type: state.TableType, ReadOnly: true}}
	if d := cmp.Diff(want, tab.Fields()); d != "" {
		t.Errorf("fields -want +got:\n%s", d)
	}
	field := func(tab state.Table, name string, typ state.Type) state.Field {
		f, err := tab.Field(name, typ)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	n, name, visits := field(tab, "n", state.Uint64), field(tab, "name", state.String), field(tab, "visits", state.TableType)
	if _, err := tab.Field("n", state.String); !errors.Is(err, state.ErrType) {
		t.Errorf("field of another type: %v", err)
	}
	if _, err := tab.Field("x", state.String); !errors.Is(err, state.ErrNoField) {
		t.Errorf("no field: %v", err)
	}
	if _, err := tab.AddField("added", state.Uint64); err != nil {
		t.Error(err)
	}
	for i := range 3 {
		e, err := tab.New()
		if err != nil {
			t.Fatal(err)
		}
		if e, err = tab.Add(state.Text(fmt.Sprint("key", i)), e); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(e.Write(n, state.Uint(uint64(i))), e.Write(name, state.Text("N"))); err != nil {
			t.Error(err)
		}
		if err := e.Write(visits, state.Value{}); !errors.Is(err, state.ErrReadOnly) {
			t.Errorf("writing a table: %v", err)
		}
		e.Release()
	}
	e, err := tab.Get(state.Text("key2"))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Read(n); err != nil || v != state.Uint(2) {
		t.Errorf("n = %v, %v", v, err)
	}
	if v, err := e.Read(name); err != nil || v != state.Text("N") {
		t.Errorf("name = %v, %v", v, err)
	}
	sub, err := e.Read(visits)
	if err != nil || sub.Table.Name() != "visits" || sub.Table.KeyType() != state.Int64 || len(sub.Table.Fields()) != 1 {
		t.Fatalf("visits = %v, %v", sub, err)
	}
	fresh, _ := sub.Table.New()
	in, err := sub.Table.Add(state.Int(-7), fresh)
	if err != nil || sub.Table.Size() != 1 {
		t.Fatal(err)
	}
	in.Release()
	if _, err := sub.Table.Get(state.Int(-8)); !errors.Is(err, state.ErrNoEntry) {
		t.Errorf("error %v", err)
	}
	e.Release()
	e.Release()
	sum, seen := uint64(0), 0
	count := func(e state.Entry) bool {
		v, _ := e.Read(n)
		sum += v.Num
		seen++
		e.Release() // not ours, and harmless
		return seen < 5
	}
	if err := tab.Each(count); err != nil || sum != 3 || seen != 3 || tab.Size() != 3 {
		t.Errorf("sum %d of %d entries, size %d, %v", sum, seen, tab.Size(), err)
	}
	if err := tab.Each(count); err != nil || seen != 5 {
		t.Errorf("an iteration that ends early: %v, %d entries in all", err, seen)
	}
	func() {
		defer func() {
			if r := recover(); r != "mine" {
				t.Errorf("recovered %v", r)
			}
		}()
		tab.Each(func(state.Entry) bool { panic("mine") })
	}()
	if err := tab.Erase(state.Text("key0")); err != nil {
		t.Error(err)
	}
	if err := tab.Erase(state.Text("key0")); !errors.Is(err, state.ErrNoEntry) {
		t.Errorf("erased twice: %v", err)
	}
	loose, _ := tab.New()
	loose.Release()
	loose, _ = tab.New()
	if _, err := tab.Add(state.Text("forbidden"), loose); err == nil || !strings.Contains(err.Error(), "table people of plugin owner: add: the table does not have it") {
		t.Errorf("error %v", err)
	}
	if err := tab.Clear(); err != nil || tab.Size() != 0 {
		t.Errorf("clear: %v, size %d", err, tab.Size())
	}
	if n := metric(t, owner, "outstanding"); n != before {
		t.Errorf("%v entries are not released, %v before", n, before)
	}
}

// A panic in a table made of Go is an error for the plugin.
type panicking struct{ *state.Mem }

func (panicking) Get(state.Value) (state.Entry, error) { panic("boom") }

func TestPanicInATable(t *testing.T) {
	mem, err := state.New("people", state.String, state.Column{Name: "n", Type: state.Uint64}, state.Column{Name: "name", Type: state.String})
	if err != nil {
		t.Fatal(err)
	}
	tables := host.NewTables()
	if err := tables.Add(panicking{mem}); err != nil {
		t.Fatal(err)
	}
	m, log := loadLogged(t, "tables.c", userName)
	p := startWith(t, m, "people 9", tables)
	if got := see(t, p, "?"); got != "ok - - 0 0 0 -" {
		t.Errorf("got %s", got)
	}
	if got := log.take(); !strings.Contains(got, "missing: panic in a table: boom") {
		t.Errorf("log %s", got)
	}
}

// BenchmarkTable parses an event, which counts its payload in a table: eleven calls.
func BenchmarkTable(b *testing.B) {
	for maker, add := range makers {
		b.Run(strings.ReplaceAll(maker, " ", "-"), func(b *testing.B) {
			tables := host.NewTables()
			add(b, tables)
			p := startWith(b, load(b, "tables.c", userName), "people 9", tables)
			batch := newBatch(b, p, 1)
			batch.Source = "any"
			batch.Events = append(batch.Events, event.Event{Type: 322, Data: []byte("ann")})
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Parse(batch, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
