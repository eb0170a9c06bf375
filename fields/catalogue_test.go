// SPDX-License-Identifier: Apache-2.0

package fields

import (
	"errors"
	"slices"
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

func testCatalogue(t testing.TB) *Catalogue {
	t.Helper()
	c := NewCatalogue()
	c.AddSource("empty")
	add := func(class string, infos ...abi.FieldInfo) {
		if err := c.Add("src", class, nil, infos); err != nil {
			t.Fatal(err)
		}
	}
	add("evt", abi.FieldInfo{Name: "evt.num", Type: abi.Uint64}, abi.FieldInfo{Name: "evt.time", Type: abi.String})
	add("p (plugin)",
		abi.FieldInfo{Name: "p.s", Type: abi.String},
		abi.FieldInfo{Name: "p.key", Type: abi.String, Arg: abi.FieldArg{Required: true, Key: true}},
		abi.FieldInfo{Name: "p.idx", Type: abi.String, Arg: abi.FieldArg{Required: true, Index: true}},
		abi.FieldInfo{Name: "p.both", Type: abi.String, Arg: abi.FieldArg{Key: true, Index: true}})
	add("q (plugin)", abi.FieldInfo{Name: "p.st", Type: abi.String}, abi.FieldInfo{Name: "q.s", Type: abi.String})
	return c
}

func TestCatalogue(t *testing.T) {
	c := testCatalogue(t)
	if got, want := c.Sources(), []string{"empty", "src"}; !slices.Equal(got, want) {
		t.Errorf("sources: got %v, want %v", got, want)
	}
	if n := len(c.Fields("src")); n != 8 || c.Fields("src")[3].Name != "p.key" || c.Fields("src")[3].ID != 1 {
		t.Errorf("fields: got %d, %v", n, c.Fields("src"))
	}
	if c.Fields("nope") != nil || c.Lookup("nope", "p.s") != nil || c.Lookup("src", "p") != nil || c.Lookup("src", "p.s") == nil {
		t.Error("lookup of unknown names")
	}
	err := c.Add("src", "r", nil, []abi.FieldInfo{{Name: "r.new"}, {Name: "q.s"}})
	var overlap *OverlapError
	if !errors.As(err, &overlap) || *overlap != (OverlapError{"q.s", "src"}) {
		t.Errorf("overlap: got %v", err)
	}
	if c.Lookup("src", "r.new") != nil {
		t.Error("a refused class left a field")
	}
	if err := c.Add("other", "r", nil, []abi.FieldInfo{{Name: "q.s"}}); err != nil {
		t.Errorf("the same field of another source: %v", err)
	}
}

func TestResolve(t *testing.T) {
	c := testCatalogue(t)
	f := func(text string, want Ref) {
		t.Helper()
		want.Field = c.Lookup("src", want.Field.Name)
		if got, err := c.Resolve("src", text); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", text, got, err, want)
		}
	}
	field := func(name string) *Field { return &Field{FieldInfo: abi.FieldInfo{Name: name}} }
	f("p.s", Ref{Field: field("p.s")})
	f("q.s", Ref{Field: field("q.s")})
	f("evt.num", Ref{Field: field("evt.num")})
	f("p.key[a.b/c]", Ref{Field: field("p.key"), Arg: "a.b/c", HasArg: true})
	f("p.key[]", Ref{Field: field("p.key"), HasArg: true})
	f("p.key[a[b]", Ref{Field: field("p.key"), Arg: "a[b", HasArg: true})
	f("p.idx[0]", Ref{Field: field("p.idx"), Arg: "0", HasArg: true, ByIndex: true})
	f("p.idx[18446744073709551615]", Ref{Field: field("p.idx"), Arg: "18446744073709551615", HasArg: true, ByIndex: true, Index: ^uint64(0)})
	f("p.both", Ref{Field: field("p.both")})
	f("p.both[7]", Ref{Field: field("p.both"), Arg: "7", HasArg: true, ByIndex: true, Index: 7})
	f("p.both[07]", Ref{Field: field("p.both"), Arg: "07", HasArg: true})
}

func TestResolveErrors(t *testing.T) {
	c := testCatalogue(t)
	f := func(text, want string) {
		t.Helper()
		if _, err := c.Resolve("src", text); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	f("x.y", "filter_check called with nonexistent field x.y")
	f("p.S", "filter_check called with nonexistent field p.S")
	// The first class with a field that the text begins with decides.
	f("p.st", "filter_check called with nonexistent field p.st")
	f("evt.num[1]", "filter_check called with nonexistent field evt.num[1]")
	f("evt.number", "filter_check called with nonexistent field evt.number")
	f("p.key", "filter 'p.key': p.key requires an argument but none provided")
	f("p.keys", "filter 'p.keys': p.key requires an argument but none provided")
	f("p.keys[a]", "filter_check called with nonexistent field p.keys[a]")
	f("p.key[a]b]", "filter_check called with nonexistent field p.key[a]b]")
	f("p.key[a b]", "filter 'p.key[a': p.key has unbalanced argument brackets")
	f("p.key[ a]", "filter 'p.key[': p.key terminates with incomplete argument brackets")
	f("p.s[a]", "filter 'p.s[a]': p.s does not allow nor require an argument but one is provided: a")
	f("p.idx[a]", "filter p.idx[a] p.idx has an invalid index argument not composed only by digits: a")
	f("p.idx[0a]", "filter p.idx[0a] p.idx has an invalid index argument not composed only by digits: 0a")
	f("p.idx[00]", "filter p.idx[00] p.idx has an invalid index argument starting with 0: 00")
	f("p.idx[]", "filter p.idx[] p.idx has an invalid index argument starting with 0: ")
	f("p.idx[18446744073709551616]", "filter p.idx[18446744073709551616] p.idx has an invalid index argument not representable on 64 bit: 18446744073709551616")
	if _, err := c.Resolve("nope", "p.s"); err == nil {
		t.Error("unknown source: got no error")
	}
}

func TestNearest(t *testing.T) {
	c := testCatalogue(t)
	f := func(name, want string) {
		t.Helper()
		if got := c.Nearest("src", name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	f("evt.tme", "evt.time")
	f("evt.timee", "evt.time")
	f("p.bth", "p.both")
	f("unlike.anything", "")
	f("", "")
}

// FuzzResolve: nothing panics, and a reference is written as it was read.
func FuzzResolve(f *testing.F) {
	for _, s := range []string{"p.s", "p.key[a]", "p.idx[1]", "p.both[x y]", "p.key[", "p.key[a]]", "evt.num "} {
		f.Add(s)
	}
	c := testCatalogue(f)
	f.Fuzz(func(t *testing.T, text string) {
		if ref, err := c.Resolve("src", text); err == nil && ref.String() != text {
			t.Errorf("%q: got %q", text, ref.String())
		}
		c.Nearest("src", text)
	})
}
