// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// oracle is a value as encoding/json's tokens show it, keys in their order.
type oracle struct {
	keys  []string
	kids  []*oracle
	array bool
	text  string // of a scalar, as Result.Text gives it
}

func readOracle(d *json.Decoder) *oracle {
	tok, err := d.Token()
	if err != nil {
		panic(err) // the document is valid
	}
	v := &oracle{}
	switch tok := tok.(type) {
	case json.Delim:
		v.array = tok == '['
		for d.More() {
			if !v.array {
				key, _ := d.Token()
				v.keys = append(v.keys, key.(string))
			}
			v.kids = append(v.kids, readOracle(d))
		}
		d.Token()
	case string:
		v.text, _, _ = strings.Cut(tok, "\x00")
	case json.Number:
		v.text = tok.String()
	case bool:
		v.text = strconv.FormatBool(tok)
	case nil:
		v.text = "null"
	}
	return v
}

// paths calls f for every value with its path; of equal keys the first is meant.
func (v *oracle) paths(at Path, f func(Path, *oracle)) {
	f(at, v)
	seen := map[string]bool{}
	for i, kid := range v.kids {
		key := strconv.Itoa(i)
		if !v.array {
			key = v.keys[i]
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		kid.paths(at.Then(key), f)
	}
}

// FuzzScan has encoding/json as the oracle: in every document that it accepts, all paths
// find what it finds, alone and together, and some that it does not have find nothing.
// What it rejects must not crash, and what is found is inside the document.
func FuzzScan(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,"x\n",{"c":null}]},"d":true,"a":2,"é":"\ud83d\ude00"}`))
	f.Add([]byte(`[[],{},"",0,-1.5e-3,{"":{"":[]}},{"a\\\"b":"\\\\"}]`))
	f.Add([]byte(` { "long key of more than eight bytes" : "a value that is longer than thirty-two bytes \" \\" } `))
	f.Add([]byte(`{"a":1`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<9 {
			return
		}
		var r Result
		if !json.Valid(data) || !utf8.Valid(data) {
			s := compile(nil, Keys("a"), Keys("a", "b").Each("c"), Keys("0", "1"), Keys(""))
			_ = s.Scan(data, &r)
			for i := range s.Slots() {
				if r.spans[i].Kind != list {
					_ = r.Text(r.At(i), newArena())
				}
			}
			return
		}
		checkPaths(t, data)
	})
}

func TestRecordAgainstOracle(t *testing.T) { checkPaths(t, record(t)) }

// checkPaths compares what every path finds in a valid document with the oracle.
func checkPaths(t *testing.T, data []byte) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	root := readOracle(d)
	var r Result
	var b Builder
	want := map[int]*oracle{}
	nothing := b.Add(Keys("no such key", "0"))
	root.paths(nil, func(p Path, v *oracle) {
		var alone Builder
		alone.Add(p)
		if err := alone.Build().Scan(data, &r); err != nil {
			t.Fatalf("%v alone: %v", p, err)
		}
		compare(t, p, &r, r.At(0), v)
		want[b.Add(p)] = v
	})
	s := b.Build()
	if err := s.Scan(data, &r); err != nil {
		t.Fatalf("together: %v", err)
	}
	for slot, v := range want {
		compare(t, slot, &r, r.At(slot), v)
	}
	if _, ok := want[nothing]; !ok && r.At(nothing).Kind != Absent {
		t.Error("found what is not there")
	}
}

func compare(t *testing.T, name any, r *Result, s Span, want *oracle) {
	t.Helper()
	if s.Kind == Absent {
		t.Fatalf("%v: not found", name)
	}
	if s.Kind == Object || s.Kind == Array {
		var compact bytes.Buffer
		if err := json.Compact(&compact, r.Raw(s)); err != nil {
			t.Fatalf("%v: %q: %v", name, r.Raw(s), err)
		}
		if got := string(Compact(r.Raw(s), newArena())); got != compact.String() {
			t.Fatalf("%v: got %q, want %q", name, got, compact.String())
		}
		n := 0
		e := r.Elems(s)
		for _, ok := e.Next(); ok; _, ok = e.Next() {
			n++
		}
		if want.array && n != len(want.kids) || want.array != (s.Kind == Array) {
			t.Fatalf("%v: got %d elements, want %d", name, n, len(want.kids))
		}
		return
	}
	if got := r.Text(s, newArena()); got != want.text {
		t.Fatalf("%v: got %q, want %q", name, got, want.text)
	}
}

// FuzzIndent has json.Indent as the oracle.
func FuzzIndent(f *testing.F) {
	f.Add([]byte(`{"a":[1,{ },[ ],"x , y"],"b":{"c":null}}`))
	f.Add([]byte(" [1]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) {
			return
		}
		var want bytes.Buffer
		if err := json.Indent(&want, bytes.TrimRight(data, " \t\r\n"), "", "  "); err != nil {
			t.Fatal(err)
		}
		if got := AppendIndent(nil, data); string(got) != want.String() {
			t.Errorf("%q: got %q, want %q", data, got, want.String())
		}
	})
}
