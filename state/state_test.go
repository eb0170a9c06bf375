// SPDX-License-Identifier: Apache-2.0

package state_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/state"
)

func newTable(t *testing.T) *state.Mem {
	t.Helper()
	tab, err := state.New("users", state.Int64,
		state.Column{Name: "name", Type: state.String},
		state.Column{Name: "level", Type: state.Int8},
		state.Column{Name: "id", Type: state.Uint64, ReadOnly: true},
		state.Column{Name: "logins", Type: state.TableType, Key: state.String, Columns: []state.Column{{Name: "n", Type: state.Uint32}}})
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func field(t *testing.T, tab state.Table, name string, typ state.Type) state.Field {
	t.Helper()
	f, err := tab.Field(name, typ)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func add(t *testing.T, tab state.Table, key state.Value) state.Entry {
	t.Helper()
	e, err := tab.New()
	if err == nil {
		e, err = tab.Add(key, e)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestTable(t *testing.T) {
	tab := newTable(t)
	want := []state.FieldInfo{{Name: "name", Type: state.String}, {Name: "level", Type: state.Int8}, {Name: "id", Type: state.Uint64, ReadOnly: true}, {Name: "logins", Type: state.TableType}}
	if d := cmp.Diff(want, tab.Fields()); d != "" {
		t.Errorf("fields (-want +got):\n%s", d)
	}
	name := field(t, tab, "name", state.String)
	e := add(t, tab, state.Int(-5))
	if err := e.Write(name, state.Text("alice")); err != nil {
		t.Fatal(err)
	}
	e.Release()
	e, err := tab.Get(state.Int(-5))
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Read(name); err != nil || v.Str != "alice" {
		t.Errorf("got %q %v, want alice", v.Str, err)
	}
	// A field that is added later is empty in old entries.
	seen, err := tab.AddField("seen", state.Bool)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Read(seen); err != nil || v != (state.Value{}) {
		t.Errorf("a new field has %v %v", v, err)
	}
	if err := tab.Erase(state.Int(-5)); err != nil || tab.Size() != 0 {
		t.Errorf("erase: %v, %d left", err, tab.Size())
	}
	if err := e.Write(seen, state.Value{Num: 7}); err != nil {
		t.Errorf("an erased entry cannot be written: %v", err)
	}
	if v, _ := e.Read(seen); v.Num != 1 {
		t.Errorf("a boolean is %d", v.Num)
	}
}

func TestErrors(t *testing.T) {
	tab := newTable(t)
	other, err := state.New("other", state.Uint8)
	if err != nil {
		t.Fatal(err)
	}
	e := add(t, tab, state.Int(1))
	id, logins := field(t, tab, "id", state.Uint64), field(t, tab, "logins", state.TableType)
	f := func(want error, got error) {
		t.Helper()
		if !errors.Is(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	_, err = tab.Get(state.Int(2))
	f(state.ErrNoEntry, err)
	f(state.ErrNoEntry, tab.Erase(state.Int(2)))
	_, err = tab.Field("nope", state.Bool)
	f(state.ErrNoField, err)
	_, err = tab.Field("name", state.Bool)
	f(state.ErrType, err)
	_, err = tab.AddField("name", state.Bool)
	f(state.ErrType, err)
	_, err = tab.AddField("sub", state.TableType)
	f(state.ErrType, err)
	f(state.ErrReadOnly, e.Write(id, state.Uint(1)))
	f(state.ErrReadOnly, e.Write(logins, state.Value{}))
	f(nil, e.Write(tab.Own("id"), state.Uint(8)))
	if v, _ := e.Read(id); v.Num != 8 {
		t.Errorf("the owner wrote 8, others read %d", v.Num)
	}
	foreign := add(t, other, state.Uint(1))
	_, err = foreign.Read(id)
	f(state.ErrNoField, err)
	if _, err := other.Add(state.Uint(2), e); err == nil {
		t.Error("an entry of another table was added")
	}
	if tab.Own("nope") != nil {
		t.Error("there is a handle of a field that is not there")
	}
	for _, c := range []state.Column{{}, {Name: "a", Type: 99}, {Name: "a", Type: state.TableType}, {Name: "a", Type: state.TableType, Key: state.Bool, Columns: []state.Column{{}}}} {
		if _, err := state.New("t", state.Bool, c); err == nil {
			t.Errorf("a column like %+v is taken", c)
		}
	}
	_, err = state.New("t", state.TableType)
	f(state.ErrType, err)
	if _, err := state.New("t", state.Bool, state.Column{Name: "a", Type: state.Bool}, state.Column{Name: "a", Type: state.Bool}); err == nil {
		t.Error("a table with two equal columns was made")
	}
}

// Keys and values are cut to the size of their type, as memory in C would.
func TestSizes(t *testing.T) {
	f := func(typ state.Type, in, want uint64) {
		t.Helper()
		tab, err := state.New("t", typ, state.Column{Name: "v", Type: typ})
		if err != nil {
			t.Fatal(err)
		}
		v := field(t, tab, "v", typ)
		e := add(t, tab, state.Uint(in))
		if err := e.Write(v, state.Value{Num: in, Str: "x"}); err != nil {
			t.Fatal(err)
		}
		if got, _ := e.Read(v); got != (state.Value{Num: want}) {
			t.Errorf("%s: got %+v, want %d", typ, got, want)
		}
		if _, err := tab.Get(state.Uint(want)); err != nil {
			t.Errorf("%s: key %d: %v", typ, want, err)
		}
	}
	all := uint64(math.MaxUint64)
	f(state.Int8, 0xff, all)
	f(state.Int16, 0x8000, all-0x7fff)
	f(state.Int32, 0xffffffff, all)
	f(state.Int64, all, all)
	f(state.Uint8, 0x1ff, 0xff)
	f(state.Uint16, all, 0xffff)
	f(state.Uint32, all, 0xffffffff)
	f(state.Uint64, all, all)
	f(state.Bool, 8, 1)
}

func TestTablesInFields(t *testing.T) {
	tab := newTable(t)
	logins := field(t, tab, "logins", state.TableType)
	a, b := add(t, tab, state.Int(1)), add(t, tab, state.Int(2))
	va, err := a.Read(logins)
	if err != nil {
		t.Fatal(err)
	}
	n := field(t, va.Table, "n", state.Uint32)
	if err := add(t, va.Table, state.Text("host")).Write(n, state.Uint(3)); err != nil {
		t.Fatal(err)
	}
	vb, _ := b.Read(logins)
	if vb.Table.Size() != 0 {
		t.Error("two entries share a table")
	}
	// A handle is good for the tables of all entries.
	if err := add(t, vb.Table, state.Text("host")).Write(n, state.Uint(4)); err != nil {
		t.Error(err)
	}
	again, _ := a.Read(logins)
	e, err := again.Table.Get(state.Text("host"))
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := e.Read(n); v.Num != 3 {
		t.Errorf("got %d, want 3", v.Num)
	}
}

func TestEach(t *testing.T) {
	tab := newTable(t)
	level := field(t, tab, "level", state.Int8)
	for i := range int64(5) {
		if err := add(t, tab, state.Int(i)).Write(level, state.Int(-i)); err != nil {
			t.Fatal(err)
		}
	}
	var got []int64
	if err := tab.Each(func(e state.Entry) bool {
		v, _ := e.Read(level)
		got = append(got, v.Int())
		_ = tab.Erase(state.Int(-v.Int()))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if !slices.Equal(got, []int64{-4, -3, -2, -1, 0}) || tab.Size() != 0 {
		t.Errorf("got %v, %d left", got, tab.Size())
	}
	add(t, tab, state.Int(1))
	add(t, tab, state.Int(2))
	calls := 0
	_ = tab.Each(func(state.Entry) bool { calls++; return false })
	if calls != 1 {
		t.Errorf("%d calls after false", calls)
	}
	if err := tab.Clear(); err != nil || tab.Size() != 0 {
		t.Errorf("clear: %v, %d left", err, tab.Size())
	}
}

func TestRegistry(t *testing.T) {
	r := state.NewRegistry()
	tab := newTable(t)
	if err := r.Add(tab); err != nil {
		t.Fatal(err)
	}
	if err := r.Add(newTable(t)); err == nil || err.Error() != "table added to registry multiple times: users" {
		t.Errorf("the same name again: %v", err)
	}
	if got := fmt.Sprint(r.List()); got != "[{users int64}]" {
		t.Errorf("got %s", got)
	}
	if got, err := r.Get("users", state.Int64); err != nil || got != tab {
		t.Errorf("got %v %v", got, err)
	}
	if _, err := r.Get("users", state.String); !errors.Is(err, state.ErrType) {
		t.Errorf("wrong key: %v", err)
	}
	if _, err := r.Get("nope", state.String); !errors.Is(err, state.ErrNoTable) {
		t.Errorf("no table: %v", err)
	}
}

func TestManyGoroutines(t *testing.T) {
	tab := newTable(t)
	level := field(t, tab, "level", state.Int8)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range int64(500) {
				e, err := tab.Get(state.Int(i % 10))
				if err != nil {
					e, _ = tab.New()
					e, _ = tab.Add(state.Int(i%10), e)
				}
				_ = e.Write(level, state.Int(i))
				_, _ = e.Read(level)
				_ = tab.Each(func(state.Entry) bool { return true })
				if i%100 == 0 {
					_, _ = tab.AddField(fmt.Sprint("f", g), state.Bool)
				}
			}
		})
	}
	wg.Wait()
	if tab.Size() != 10 || len(tab.Fields()) != 8 {
		t.Errorf("got %d entries, %d fields", tab.Size(), len(tab.Fields()))
	}
}

// Looking up and changing an entry is the work of every parsed event.
func TestNoAllocations(t *testing.T) {
	tab := newTable(t)
	level, name := field(t, tab, "level", state.Int8), field(t, tab, "name", state.String)
	_ = add(t, tab, state.Int(1)).Write(name, state.Text("x"))
	n := testing.AllocsPerRun(100, func() {
		e, err := tab.Get(state.Int(1))
		if err != nil {
			t.Fatal(err)
		}
		_ = e.Write(level, state.Int(2))
		_, _ = e.Read(name)
		e.Release()
	})
	if n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}
