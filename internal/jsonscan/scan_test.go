// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"errors"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

func newArena() *event.Arena { return event.NewArena(nil, nil) }

const absent = "<absent>"

// get returns the text of the value that a JSON pointer finds, or absent.
func get(data, pointer string) (string, error) {
	var b Builder
	slot := b.Add(Pointer(pointer))
	var r Result
	err := b.Build().Scan([]byte(data), &r)
	if r.At(slot).Kind == Absent {
		return absent, err
	}
	return r.Text(r.At(slot), newArena()), err
}

func TestScan(t *testing.T) {
	f := func(data, pointer, want string) {
		t.Helper()
		got, err := get(data, pointer)
		if err != nil {
			t.Errorf("%s in %s: %v", pointer, data, err)
		}
		if got != want {
			t.Errorf("%s in %s: got %q, want %q", pointer, data, got, want)
		}
	}
	f(`{"a":"x"}`, "/a", "x")
	f(`{"a":"x"}`, "a", "x")
	f(`{"a":"x"}`, "", `{"a":"x"}`)
	f(`{"a":"x"}`, "/b", absent)
	f(`{}`, "/b", absent)
	f(` { } `, "/b", absent)
	f(` { "b" : 1 } `, "", `{"b":1}`)
	f(`[]`, "/0", absent)
	f(`"s"`, "/0", absent)
	f(`"s"`, "", "s")
	f(`1`, "", "1")
	f(`{"a":{"b":[1,{"c":"d"}]}}`, "/a/b/1/c", "d")
	f(`{"a":{"b":[1,{"c":"d"}]}}`, "/a/b/0", "1")
	f(`{"a":{"b":[1,{"c":"d"}]}}`, "/a/b/2", absent)
	f(`{"a":{"b":[1,{"c":"d"}]}}`, "/a/b", `[1,{"c":"d"}]`)
	f(`{"a":[1,2,3]}`, "/a/x", absent)
	f(`{"a":{"0":"zero"}}`, "/a/0", "zero")
	f(`{"a":""}`, "/a", "")
	f(`{"":"empty"}`, "/", "empty")
	f(`{"a/b":1,"m~n":2}`, "/a~1b", "1")
	f(`{"a/b":1,"m~n":2}`, "/m~0n", "2")
	f(`{"~1":3}`, "/~01", "3")
	f(`{"a":true,"b":false,"c":null,"d":-1.50e+3}`, "/a", "true")
	f(`{"a":true,"b":false,"c":null,"d":-1.50e+3}`, "/b", "false")
	f(`{"a":true,"b":false,"c":null,"d":-1.50e+3}`, "/c", "null")
	f(`{"a":true,"b":false,"c":null,"d":-1.50e+3}`, "/d", "-1.50e+3")
	f("{ \"a\"\t: { \"b\" : [ 1 , \"x y\" ] }\r\n}", "/a", `{"b":[1,"x y"]}`)
	// Zeros at the end do not count, here in a text that is indexed too.
	f("{\"a\":\"x\"}\x00\x00", "/a", "x")
	f("{\"a\":\"x\",\"b\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"}\x00", "", `{"a":"x","b":"0123456789012345678901234567890123456789012345678901234567890123456789"}`)
	f("{\"a\":\"x\x00y\",\"b\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"}", "/a", "x")
	// Escapes.
	f(`{"a":"\"\\\/\b\f\n\r\té€"}`, "/a", "\"\\/\b\f\n\r\té€")
	f(`{"a":"\ud83d\ude00"}`, "/a", "😀")
	f(`{"a":"\ud83d"}`, "/a", "\uFFFD")
	f(`{"a":"\ud83dA"}`, "/a", "\uFFFDA")
	f(`{"a":"x\u0000y"}`, "/a", "x")
	f(`{"a":"\\"}`, "/a", `\`)
	f(`{"a":"\\\\","b":"c"}`, "/b", "c")
	f(`{"a":"0123456789012345678901234567890123456789\\","b":"c"}`, "/b", "c")
	f(`{"a":"0123456789012345678901234567890123456789\\\"","b":"c"}`, "/b", "c")
	f(`{"a":{"k":"a\"}"},"b":"c"}`, "/b", "c")
	f(`{"k\u0065y":"v"}`, "/key", "v")
	f(`{"key\"":"v"}`, `/key"`, "v")
	f(`{"a long key with many words in it":{"and another long key":1}}`, "/a long key with many words in it/and another long key", "1")
	// The first of two equal keys.
	f(`{"a":1,"a":2}`, "/a", "1")
	f(`{"a":1,"\u0061":2}`, "/a", "1")
	f(`{"a":1,"a":{"b":2}}`, "/a/b", absent)
	f(`{"a":{"c":2},"a":{"b":2}}`, "/a/b", absent)
	// Keys that share length and first letters.
	f(`{"eventType":"t","eventTime":"m","eventName":"n"}`, "/eventTime", "m")
}

func TestScanError(t *testing.T) {
	f := func(data, pointer, want string, offset int) {
		t.Helper()
		got, err := get(data, pointer)
		if got != want {
			t.Errorf("%s in %s: got %q, want %q", pointer, data, got, want)
		}
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%s in %s: got error %v, want one at %d", pointer, data, err, offset)
		}
		if e.Offset != offset || e.Truncated != (offset == len(data)) {
			t.Errorf("%s in %s: got %+v, want offset %d", pointer, data, e, offset)
		}
	}
	f(``, "/a", absent, 0)
	f(`  `, "/a", absent, 2)
	f(`{`, "/a", absent, 1)
	f(`{"a`, "/a", absent, 3)
	f(`{"a"`, "/a", absent, 4)
	f(`{"a":`, "/a", absent, 5)
	f(`{"a":"`, "/a", absent, 6)
	f(`{"a":"\"`, "/a", absent, 8)
	f(`{"a":tru`, "/a", absent, 8)
	f(`{"a":1`, "/b", absent, 6)
	f(`{"a":1,`, "/b", absent, 7)
	f(`{"a":1,}`, "/b", absent, 7)
	f(`{"a":1 "b":2}`, "/b", absent, 7)
	f(`{"a" 1}`, "/b", absent, 5)
	f(`{"a":[1,2}`, "/b", absent, 10)
	f(`{"a":[{]}`, "/b", absent, 9)
	f(`{"a":nul}`, "/a", absent, 5)
	f(`{"a":01}`, "/a", absent, 5)
	f(`{"a":1.}`, "/a", absent, 5)
	f(`{"a":-}`, "/a", absent, 5)
	f(`{"a":1e}`, "/a", absent, 5)
	f(`{"a":,}`, "/b", absent, 5)
	f(`{a:1}`, "/a", absent, 1)
	f(`[1,]`, "/7", absent, 3)
	f(`[1 2]`, "/7", absent, 3)
	f(`{} x`, "/a", absent, 3)
	f(`{"b":1} x`, "", `{"b":1}`, 8)
}

func TestScanKeepsWhatIsBeforeTheDamage(t *testing.T) {
	s := compile(Keys("a"), Keys("d", "e"), Keys("f"))
	var r Result
	if err := s.Scan([]byte(`{"a":{"b":"c"},"d":{"e":1,`), &r); err == nil {
		t.Error("got no error")
	}
	if got := string(r.Raw(r.At(0))); got != `{"b":"c"}` {
		t.Errorf("a: got %s", got)
	}
	if got := string(r.Raw(r.At(1))); got != `1` {
		t.Errorf("d.e: got %s", got)
	}
	if r.At(2).Kind != Absent {
		t.Error("f: got a value")
	}
}

// The rest of a document is not looked at once everything is decided.
func TestScanStopsEarly(t *testing.T) {
	got, err := get(`{"a":"b",###`, "/a")
	if got != "b" || err != nil {
		t.Errorf("got %q, %v, want b and no error", got, err)
	}
}

func TestEach(t *testing.T) {
	var b Builder
	items := Keys("set", "items")
	id := b.Add(items.Each("id"))
	first := b.Add(items.Then("0", "id"))
	tags := b.Add(items.Each("tags").Each())
	all := b.Add(items.Each())
	s := b.Build()
	var r Result
	data := `{"set":{"items":[{"id":"i-0","tags":["x","y"]},{"tags":[]},7,{"tags":["z"],"id":"i-3"}]}}`
	list := func(slot int) (out []string, elems []int32) {
		for h := r.First(slot); h != nil; h = r.Next(h) {
			out = append(out, string(r.Raw(h.Span)))
			elems = append(elems, h.Elem)
		}
		return out, elems
	}
	for range 2 { // the second time with used memory
		if err := s.Scan([]byte(data), &r); err != nil {
			t.Fatal(err)
		}
		check := func(slot int, want []string, wantElems []int32) {
			t.Helper()
			got, elems := list(slot)
			if !equal(got, want) || !equal(elems, wantElems) {
				t.Errorf("got %q %v, want %q %v", got, elems, want, wantElems)
			}
		}
		check(id, []string{`"i-0"`, `"i-3"`}, []int32{0, 3})
		check(tags, []string{`"x"`, `"y"`, `"z"`}, []int32{0, 1, 0})
		check(all, []string{`{"id":"i-0","tags":["x","y"]}`, `{"tags":[]}`, `7`, `{"tags":["z"],"id":"i-3"}`}, []int32{0, 1, 2, 3})
		if got := string(r.Raw(r.At(first))); got != `"i-0"` {
			t.Errorf("first id: got %s", got)
		}
	}
	if err := s.Scan([]byte(`{"set":[]}`), &r); err != nil || r.First(id) != nil || r.At(first).Kind != Absent {
		t.Errorf("other document: got values or error %v", err)
	}
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestElems(t *testing.T) {
	f := func(data string, want ...string) {
		t.Helper()
		var r Result
		s := compile(Keys("a"))
		s.Scan([]byte(data), &r)
		var got []string
		for e := r.Elems(r.At(0)); ; {
			raw, ok := e.Next()
			if !ok {
				break
			}
			got = append(got, string(raw))
		}
		if !equal(got, want) {
			t.Errorf("%s: got %q, want %q", data, got, want)
		}
	}
	f(`{"a":[1, "b" ,{"c":[2]},[]]}`, `1`, `"b"`, `{"c":[2]}`, `[]`)
	f(`{"a":[]}`)
	f(`{"a":[ ]}`)
	f(`{"a":{"b":1}}`)
	f(`{"b":[1]}`)
	f(`{"a":[1,:,2]}`, `1`)
}

// Every slot that is in use gets a value, whatever the number of keys of a node.
func TestManyKeys(t *testing.T) {
	var b Builder
	data := []byte{'{'}
	for i := range 300 {
		key := "key" + string(rune('a'+i%26)) + string(rune('0'+i/26))
		if slot := b.Add(Keys(key)); slot != i {
			t.Fatalf("slot of %s: got %d, want %d", key, slot, i)
		}
		if i > 0 {
			data = append(data, ',')
		}
		data = append(data, `"`+key+`":"`+key+`"`...)
	}
	data = append(data, '}')
	s := b.Build()
	var r Result
	if err := s.Scan(data, &r); err != nil {
		t.Fatal(err)
	}
	for i := range s.Slots() {
		if want := "key" + string(rune('a'+i%26)) + string(rune('0'+i/26)); !r.Is(r.At(i), want) {
			t.Errorf("slot %d: got %q, want %q", i, r.Raw(r.At(i)), want)
		}
	}
}

func TestScanValue(t *testing.T) {
	var b Builder
	whole, id := b.Add(nil), b.Add(Keys("id"))
	s := b.Build()
	data := []byte(`[ {"id":"x","rest":{"y":[]}} , 1]`)
	var r Result
	end, ok := s.ScanValue(data, 1, &r)
	if !ok || end != 28 {
		t.Fatalf("got end %d, %v, want 28", end, ok)
	}
	if got := string(r.Raw(r.At(whole))); got != `{"id":"x","rest":{"y":[]}}` {
		t.Errorf("whole: got %s", got)
	}
	if !r.Is(r.At(id), "x") {
		t.Errorf("id: got %s", r.Raw(r.At(id)))
	}
	if end, ok := s.ScanValue(data[:20], 1, &r); ok || end != 20 {
		t.Errorf("cut: got end %d, %v, want 20 and no value", end, ok)
	}
	if end, ok := s.ScanValue([]byte(`{"id":?}`), 0, &r); ok || end != 6 {
		t.Errorf("damaged: got end %d, %v, want 6 and no value", end, ok)
	}
	if end, ok := SkipValue(data, 2); !ok || end != 28 {
		t.Errorf("skip: got end %d, %v, want 28", end, ok)
	}
}

func TestScanAllocs(t *testing.T) {
	data := record(t)
	s := compile(append(wanted, Keys("resources").Each("type"))...)
	var r Result
	if n := testing.AllocsPerRun(100, func() {
		if err := s.Scan(data, &r); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("got %v allocations per scan, want 0", n)
	}
}
