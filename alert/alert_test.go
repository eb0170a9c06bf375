// SPDX-License-Identifier: Apache-2.0

package alert

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gyr-dev/gyr/compat"
)

func TestParsePriority(t *testing.T) {
	f := func(s string, want Priority, wantOK bool, long, short string) {
		t.Helper()
		p, ok := ParsePriority(s)
		if ok != wantOK || ok && p != want {
			t.Errorf("ParsePriority(%q) = %v, %v, want %v, %v", s, p, ok, want, wantOK)
		}
		if ok && (p.String() != long || p.Short() != short) {
			t.Errorf("%q shows as %s and %s, want %s and %s", s, p, p.Short(), long, short)
		}
	}
	f("emergency", Emergency, true, "Emergency", "Emergency")
	f("ALERT", Alarm, true, "Alert", "Alert")
	f("Critical", Critical, true, "Critical", "Critical")
	f("eRRor", Error, true, "Error", "Error")
	f("WARNING", Warning, true, "Warning", "Warning")
	f("notice", Notice, true, "Notice", "Notice")
	f("info", Informational, true, "Informational", "Info")
	f("Informational", Informational, true, "Informational", "Info")
	f("debug", Debug, true, "Debug", "Debug")
	f("", 0, false, "", "")
	f("warn", 0, false, "", "")
	f("info ", 0, false, "", "")
}

func TestAppendQuoted(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		if got := string(AppendQuoted(nil, s)); got != want {
			t.Errorf("AppendQuoted(%q) = %s, want %s", s, got, want)
		}
	}
	f("", `""`)
	f("plain <&> text/", `"plain <&> text/"`)
	f("\"\\\b\t\n\f\r", `"\"\\\b\t\n\f\r"`)
	f("\x00\x01\x1f\x7f", `"\u0000\u0001\u001f`+"\x7f"+`"`)
	f("é☃𐍈\u2028\uFFFD", "\"é☃𐍈\u2028\uFFFD\"")
	f("\x80", "\"\uFFFD\"")
	f("\xff\xfe", "\"\uFFFD\uFFFD\"")
	f("a\xe2\x82", "\"a\uFFFD\"")                         // one for the part of a character at the end
	f("\xe2\x82(", "\"\uFFFD(\"")                         // and before something else
	f("\xf0\x9f\x98x", "\"\uFFFDx\"")                     // of four bytes
	f("\xed\xa0\x80", "\"\uFFFD\uFFFD\uFFFD\"")           // a surrogate
	f("\xc0\xaf", "\"\uFFFD\uFFFD\"")                     // longer than needed
	f("\xe0\x80\xaf", "\"\uFFFD\uFFFD\uFFFD\"")           // the same
	f("\xf4\x90\x80\x80", "\"\uFFFD\uFFFD\uFFFD\uFFFD\"") // beyond Unicode
	f("\xc3\xc3\xa9", "\"\uFFFDé\"")
}

func FuzzQuoted(f *testing.F) {
	for _, s := range []string{"", "a\"b", "\xff", "é\xe2\x82", "\x00"} {
		f.Add(s)
	}
	// What is written is valid JSON and UTF-8; of valid text it reads the same.
	f.Fuzz(func(t *testing.T, s string) {
		quoted := AppendQuoted(nil, s)
		var back string
		if err := json.Unmarshal(quoted, &back); err != nil || !utf8.Valid(quoted) {
			t.Fatalf("%q is written as %q: %v", s, quoted, err)
		}
		if utf8.ValidString(s) && back != s {
			t.Fatalf("%q reads as %q", s, back)
		}
		if string(quoted) != string(AppendQuoted(nil, []byte(s))) {
			t.Fatalf("%q differs as bytes", s)
		}
	})
}

const testTime = 1_700_000_000_001_000_000

func TestText(t *testing.T) {
	f := func(e Encoder, message, want string) {
		t.Helper()
		m := NewMeta("r", "s", Informational, nil)
		if got := string(e.Append(nil, m, testTime, []byte(message), nil)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	f(Encoder{}, "hello", "22:13:20.001000000: Informational hello")
	f(Encoder{Offset: 3600}, "hello", "23:13:20.001000000: Informational hello")
	f(Encoder{ISO8601: true, Offset: 3600}, "hello", "2023-11-14T22:13:20.001000000+0000: Informational hello")
	f(Encoder{}, "a\"\\/\b\f\n\r\t\x1b\x7fé\xff\xe2\x82b", `22:13:20.001000000: Informational a\"\\/\b\f\n\r\t\u001b`+"\x7fé\uFFFD\uFFFDb")
	f(Encoder{Falco: compat.V044}, "a\"\x01\xffb", "22:13:20.001000000: Informational a\"\x01\xffb") // bytes as they are
}

func TestJSON(t *testing.T) {
	all := Encoder{JSON: true, Hostname: "h", IncludeOutput: true, IncludeMessage: true, IncludeFields: true, IncludeTags: true}
	m := NewMeta("a \"rule\"", "src", Warning, []string{"z", "a"})
	f := func(e Encoder, want string) {
		t.Helper()
		got := string(e.Append(nil, m, testTime, []byte("m\xff"), []byte(`{"x":1}`)))
		if got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("not JSON: %s", got)
		}
	}
	f(all, `{"hostname":"h","message":"m�","output":"22:13:20.001000000: Warning m�","output_fields":{"x":1},"priority":"Warning","rule":"a \"rule\"","source":"src","tags":["a","z"],"time":"2023-11-14T22:13:20.001000000Z"}`)
	f(Encoder{JSON: true}, `{"hostname":"","priority":"Warning","rule":"a \"rule\"","source":"src","time":"2023-11-14T22:13:20.001000000Z"}`)
	m = NewMeta("r", "src", Debug, nil)
	f(Encoder{JSON: true, IncludeTags: true}, `{"hostname":"","priority":"Debug","rule":"r","source":"src","tags":[],"time":"2023-11-14T22:13:20.001000000Z"}`)
}

func TestInternal(t *testing.T) {
	values := []Value{
		{Name: "a", Kind: ValueUint, Uint: math.MaxUint64},
		{Name: "b", Str: "x y\""},
		{Name: "c", Kind: ValueFloat, Num: 2},
		{Name: "d", Kind: ValueFloat, Num: 0.25},
		{Name: "e", Kind: ValueInt, Int: -3},
	}
	f := func(e Encoder, want string) {
		t.Helper()
		if got := string(e.AppendInternal(nil, "Falco internal: metrics snapshot", Informational, testTime, "metrics", values)); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	f(Encoder{ISO8601: true}, `22:13:20.001000000: Informational metrics (a=18446744073709551615 b="x y\"" c=2.0 d=0.25 e=-3)`)
	f(Encoder{JSON: true, Hostname: "h"}, `{"hostname":"h","output":"metrics","output_fields":{"a":18446744073709551615,"b":"x y\"","c":2.0,"d":0.25,"e":-3},"priority":"Informational","rule":"Falco internal: metrics snapshot","source":"internal","time":"2023-11-14T22:13:20.001000000Z"}`)
}

func TestEncodingAllocatesNothing(t *testing.T) {
	e := Encoder{JSON: true, Hostname: "h", IncludeOutput: true, IncludeMessage: true, IncludeFields: true, IncludeTags: true}
	m := NewMeta("r", "s", Warning, []string{"t"})
	message, fields := []byte(strings.Repeat("text \"é\xff ", 20)), []byte(`{"evt.time":1}`)
	buf := make([]byte, 0, 4096)
	n := testing.AllocsPerRun(100, func() {
		_ = e.Append(buf, m, testTime, message, fields)
		e.JSON = !e.JSON
	})
	if n != 0 {
		t.Errorf("%v allocations per alert, want 0", n)
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	e := Encoder{JSON: true, Hostname: "host", IncludeOutput: true, IncludeMessage: true, IncludeFields: true, IncludeTags: true}
	m := NewMeta("Console login without MFA", "aws_cloudtrail", Warning, []string{"cloud", "aws"})
	message := []byte("Console login without MFA (user=alice ip=10.0.0.1 region=us-east-1)")
	fields := []byte(`{"ct.region":"us-east-1","ct.srcip":"10.0.0.1","ct.user":"alice","evt.time":1700000000001000000}`)
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		_ = e.Append(buf, m, testTime, message, fields)
	}
}
