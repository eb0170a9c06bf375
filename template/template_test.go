// SPDX-License-Identifier: Apache-2.0

package template

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
)

// owner stands for a plugin.
type owner struct{ fields.Extractor }

var testFields = []abi.FieldInfo{
	{Name: "x.s", Type: abi.String},
	{Name: "x.sub", Type: abi.String},
	{Name: "x.n", Type: abi.Uint64},
	{Name: "x.b", Type: abi.Bool},
	{Name: "x.rel", Type: abi.RelTime},
	{Name: "x.ip", Type: abi.IPAddr},
	{Name: "x.net", Type: abi.IPNet},
	{Name: "x.list", Type: abi.String, List: true},
	{Name: "x.nums", Type: abi.Uint64, List: true},
	{Name: "x.key", Type: abi.String, Arg: abi.FieldArg{Required: true, Key: true}},
}

func newScope(tb testing.TB) *filter.Scope {
	tb.Helper()
	c := fields.NewCatalogue()
	for _, f := range new(fields.Generic).Fields(owner{}) {
		if err := c.AddField("x", f); err != nil {
			tb.Fatal(err)
		}
	}
	if err := c.Add("x", "x", owner{}, testFields); err != nil {
		tb.Fatal(err)
	}
	return &filter.Scope{Catalogue: c, Source: "x", Layout: &fields.Layout{}}
}

func addr(s string) event.Value {
	return event.StringValue(string(netip.MustParseAddr(s).AsSlice()))
}

func stringList(s ...string) event.Value {
	list := make([]event.Value, len(s))
	for i := range s {
		list[i] = event.StringValue(s[i])
	}
	return event.ListValue(list)
}

// values are what the fields have in tests; all others are absent.
var values = map[string]event.Value{
	"x.s":            event.StringValue("Alice \"é\""),
	"x.n":            event.NumValue(18446744073709551615),
	"x.b":            event.BoolValue(true),
	"x.rel":          event.NumValue(12),
	"x.ip":           addr("10.0.0.1"),
	"x.net":          addr("::1"),
	"x.list":         stringList("a", "b", "c"),
	"x.nums":         event.ListValue([]event.Value{event.NumValue(1), event.NumValue(2)}),
	"x.key[k]":       event.StringValue("v"),
	"evt.num":        event.NumValue(7),
	"evt.time":       {Str: "12:00:00.000000000", Num: 1700000000000000000, Present: true},
	"evt.reltime":    event.NumValue(^uint64(0)),
	"evt.rawtime.ns": event.NumValue(1000),
}

func envOf(s *filter.Scope) *filter.Env {
	row := make([]event.Value, s.Layout.Width())
	for i, r := range s.Layout.Refs() {
		row[i] = values[r.String()]
	}
	return &filter.Env{Row: row, Arena: event.NewArena(nil, nil)}
}

func TestText(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		s := newScope(t)
		tmpl, err := Compile(text, s)
		if err != nil {
			t.Errorf("Compile(%q): %v", text, err)
			return
		}
		if got := string(tmpl.AppendText([]byte("> "), envOf(s))); got != "> "+want {
			t.Errorf("%q gives %q, want %q", text, got[2:], want)
		}
	}
	f("no fields", "no fields")
	f("*star is not shown: %x.n", "star is not shown: 18446744073709551615")
	f("**", "*")
	f("*", "")
	f("%x.s", "Alice \"é\"")
	f("a%x.nb", "a18446744073709551615b")
	f("%x.sub", "<NA>")
	f("%x.subs", "<NA>s")
	f("%x.b %x.rel %x.ip %x.net", "true 12 10.0.0.1 <IPNET>")
	f("%x.list %x.nums", "(a,b,c) (1,2)")
	f("%x.key[k]-%x.key[other]", "v-<NA>")
	f("%10x.key[k]|%2x.s|%0x.key[k]|%3x.sub", "v         |Al|v|<NA")
	f("%toupper(x.s) %len(x.list) %len(x.s)", "ALICE \"é\" 3 10")
	f("%toupper(x.sub)", "<NA>")
	f("%evt.num %evt.time %evt.rawtime.ns", "7 12:00:00.000000000 000001000")
	f("cut\x00off%x.key[k]end", "cutvend")
}

func TestListText(t *testing.T) {
	f := func(want string, list ...string) {
		t.Helper()
		v := stringList(list...)
		if got := string(appendText(nil, &v, abi.String, true, false)); got != want {
			t.Errorf("%q gives %q, want %q", list, got, want)
		}
	}
	f("(a)", "a")
	f("(a,,b)", "a", "", "b")
	f("(b)", "", "", "b") // as Falco: no comma behind nothing
	long := strings.Repeat("x", 600)
	f("("+long+","+long[:1023-602], long, long)
	f("("+long+long[:422], long+long)
}

func TestAddresses(t *testing.T) {
	f := func(a, want string) {
		t.Helper()
		if got := string(appendAddr(nil, string(netip.MustParseAddr(a).AsSlice()))); got != want {
			t.Errorf("%s shows as %s, want %s", a, got, want)
		}
	}
	f("1.2.3.4", "1.2.3.4")
	f("2001:db8::1", "2001:db8::1")
	f("2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1")
	f("2001:0:1:1:1:1:1:1", "2001:0:1:1:1:1:1:1")
	f("::ffff:1.2.3.4", "::ffff:1.2.3.4")
	f("::1.2.3.4", "::1.2.3.4")
	f("::1", "::1")
	f("::", "::")
	if got := string(appendAddr(nil, "bad")); got != "<NA>" {
		t.Errorf("three bytes show as %s", got)
	}
}

func TestErrors(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		if _, err := Compile(text, newScope(t)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("Compile(%q) = %v, want %s", text, err, want)
		}
	}
	f("", "empty formatting token")
	f("100%", "invalid formatting syntax: formatting cannot end with a %")
	f("%10", "invalid formatting syntax: formatting cannot end with a number")
	f("%%", "unknown filter: ")
	f("% x.s", "unknown filter: ")
	f("%y.none", "unknown filter: ")
	f("%tolower(x.n)", "unknown filter: ")
}

func TestJSON(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		s := newScope(t)
		tmpl, err := Compile(text, s)
		if err != nil {
			t.Fatal(err)
		}
		var b Builder
		b.AddTemplate(tmpl, s.Layout)
		if got := string(b.Build().AppendJSON(nil, envOf(s))); got != want {
			t.Errorf("%q gives\n     %s\nwant %s", text, got, want)
		}
	}
	f("none", `{}`)
	f("%x.s %x.n %x.b %x.s", `{"x.b":true,"x.n":18446744073709551615,"x.s":"Alice \"é\""}`)
	f("%x.sub %x.key[k] %x.key[no]", `{"x.key[k]":"v","x.key[no]":null,"x.sub":null}`)
	f("%x.list %x.nums", `{"x.list":["a","b","c"],"x.nums":[1,2]}`)
	f("%x.ip %x.net %x.rel", `{"x.ip":"10.0.0.1","x.net":"<IPNET>","x.rel":12}`)
	f("%toupper(x.s) %evt.time", `{"evt.time":1700000000000000000,"x.s":"Alice \"é\""}`)
	f("%evt.reltime %evt.rawtime.ns", `{"evt.rawtime.ns":1000,"evt.reltime":-1}`)
	f("%concat(x.s, x.key[k])", `{"x.key[k]":"v","x.s":"Alice \"é\""}`)
}

func TestFurtherFields(t *testing.T) {
	s := newScope(t)
	tmpl, err := Compile("s is %x.s", s)
	if err != nil {
		t.Fatal(err)
	}
	var b Builder
	b.AddTemplate(tmpl, s.Layout)
	b.AddText("text", tmpl)
	for _, name := range []string{"x.n", "toupper(x.s)"} {
		op, err := filter.CompileOperand(name, s)
		if err != nil {
			t.Fatal(err)
		}
		b.AddField(name, op, s.Layout)
	}
	b.AddText("x.s", tmpl) // instead of the field
	want := `{"text":"s is Alice \"é\"","toupper(x.s)":null,"x.n":18446744073709551615,"x.s":"s is Alice \"é\""}`
	if got := string(b.Build().AppendJSON(nil, envOf(s))); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestRenderingAllocatesNothing(t *testing.T) {
	s := newScope(t)
	tmpl, err := Compile("%x.s %10x.n %x.b %x.rel %x.ip %x.net %x.list %x.key[k] %x.sub %evt.time %toupper(x.s)", s)
	if err != nil {
		t.Fatal(err)
	}
	var b Builder
	b.AddTemplate(tmpl, s.Layout)
	b.AddText("text", tmpl)
	f, env, buf := b.Build(), envOf(s), make([]byte, 0, 8192)
	n := testing.AllocsPerRun(100, func() {
		_ = f.AppendJSON(tmpl.AppendText(buf, env), env)
		env.Arena.Reset()
	})
	if n != 0 {
		t.Errorf("%v allocations per event, want 0", n)
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"", "%", "a %x.s b", "%10x.n", "*%toupper(x.s)", "%x.key[\"a b\"]", "%concat(x.s, \"%\")", "%99999999999x.b", "\x00%x.list\xff"} {
		f.Add(s)
	}
	// A template either has an error, or renders: JSON that is valid, and the same text
	// twice; what is before it in the buffer stays.
	f.Fuzz(func(t *testing.T, text string) {
		s := newScope(t)
		tmpl, err := Compile(text, s)
		if err != nil {
			return
		}
		var b Builder
		b.AddTemplate(tmpl, s.Layout)
		b.AddText("text", tmpl)
		env := envOf(s)
		out := tmpl.AppendText([]byte("> "), env)
		if again := tmpl.AppendText(nil, env); string(out) != "> "+string(again) {
			t.Fatalf("%q gives %q and %q", text, out, again)
		}
		obj := b.Build().AppendJSON(nil, env)
		if !json.Valid(obj) || !utf8.Valid(obj) {
			t.Fatalf("%q gives %s", text, obj)
		}
	})
}
