// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/compat"
)

func TestParse(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		n, err := Parse(text, MaxDepth, compat.V045)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return
		}
		if got := n.String(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	f("a", "a")
	f(" a\n", "a")
	f("not not a", "a")
	f("not not not a", "not a")
	f("not(not a)", "not (not a)")
	f("a and b or c and not d", "(a and b) or (c and (not d))")
	f("a and(b)or(c)", "(a and b) or c")
	f("(a and b) and c", "(a and b) and c")
	f("nota and orb", "nota and orb")
	f("a.b exists", "a.b exists")
	f("a.b=c", `a.b = "c"`)
	f("a.b != 'c'", `a.b != "c"`)
	f("a.b==0x1f", `a.b == "0x1f"`)
	f("a.b<0X1F", "a.b < 0X1F")
	f("a.b >= -1.5e+3", "a.b >= -1.5e+3")
	f("a.b in(x,'y')", `a.b in ("x", "y")`)
	f("a.b in ( )", "a.b in ()")
	f("a.b in list", "a.b in list")
	f("a.b = anyof (x)", `a.b = anyof ("x")`)
	f("a.b contains allof l", `a.b contains allof l`)
	f("a.b = val( c.d )", "a.b = val(c.d)")
	f(`a.b[x/y] exists`, `a.b[x/y] exists`)
	f(`a.b["x y"] exists`, `a.b["x y"] exists`)
	f(`a.b["x"] exists`, `a.b[x] exists`)
	f(`a.b = "\b\f\n\r\t\\ \/\""`, `a.b = "\b\f\n\r\t\  /\""`)
	f(`a.b = 'it\'s'`, `a.b = "it's"`)
	f(`join(",", (a.b, len(c.d), 1, 'x')) = a`, `join(",", (a.b, len(c.d), "1", "x")) = "a"`)
	f("getopt(a.b, 'c:')[c] = x", `getopt(a.b, "c:")[c] = "x"`)
}

// TestParseErrors: messages and positions are Falco's.
func TestParseErrors(t *testing.T) {
	f := func(text, want string, offset, line, column int) {
		t.Helper()
		_, err := Parse(text, MaxDepth, compat.V045)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v, want an error", text, err)
			return
		}
		if pos := (Pos{offset, line, column}); !strings.HasPrefix(e.Msg, want) || e.Pos != pos {
			t.Errorf("%s: got %s at %v, want %s at %v", text, e.Msg, e.Pos, want, pos)
		}
	}
	f("", "filter input string is empty", 0, 1, 1)
	f("a b", "unexpected token after 'a', expecting 'or', 'and'", 2, 1, 3)
	f("a or", "expected blank or '(' after 'or'", 4, 1, 5)
	f("a and", "expected blank or '(' after 'and'", 5, 1, 6)
	f("(", "expected a '(' token, a field check, or an identifier", 1, 1, 2)
	f("(a", "expected a ')' token", 2, 1, 3)
	f("a.b = x\nand (c.d exists\n", "expected a ')' token", 24, 3, 1)
	f("a.b >  and", "expected a number value or a field with a valid transformer: 'val', 'tolower'", 7, 1, 8)
	f("a.b =", "expected a string value or a field with a valid transformer: 'val'", 5, 1, 6)
	f("a.b like x", "expected a valid check operator: one of 'exists', '<=', '<'", 4, 1, 5)
	f("a.b in", "expected a list, an identifier, or a field with a valid transformer:", 6, 1, 7)
	f("a.b in (a", "expected a ')' token", 9, 1, 10)
	f("a.b in (a,)", "expected a string value", 10, 1, 11)
	f("a.b[", "expected a valid field argument: a quoted string or a bare string", 4, 1, 5)
	f("a.b[x", "expected a ']' token", 5, 1, 6)
	f("len(a.b = 1", "expected a ')' token closing the transformer", 8, 1, 9)
	f("join('', (a.b c)) = 1", "expected ')'", 14, 1, 15)
	f("join('', (,)) = 1", "expected transformer list argument: field, transformer, quoted string, or number", 10, 1, 11)
	f(`a.b = "\x41\X"`, `unsupported string escape sequence: \X`, 14, 1, 15)
	f(`a.b = "\u0041"`, `unsupported string escape sequence: \u`, 14, 1, 15)
	f(`a.b = "\x"`, "truncated hex char escape sequence", 10, 1, 11)
	f(`a.b = "\x4"`, "truncated hex char escape sequence", 11, 1, 12)
	f(`a.b = 'ab\x4'`, "truncated hex char escape sequence", 13, 1, 14)
	f(`a.b = "\xg0"`, "invalid hex char escape sequence: g0", 12, 1, 13)
	f(`a.b = "\x0g"`, "invalid hex char escape sequence: 0g", 12, 1, 13)
	f(`a.b = "\x-1"`, "invalid hex char escape sequence: -1", 12, 1, 13)
	f(`a.b = "\x+1"`, "invalid hex char escape sequence: +1", 12, 1, 13)
	f(`a.b = "\x 1"`, "invalid hex char escape sequence:  1", 12, 1, 13)
	f(`a.b = "\x0x41"`, "invalid hex char escape sequence: 0x", 14, 1, 15)
	f(`a.b["\xg0"] = 1`, "invalid hex char escape sequence: g0", 10, 1, 11)
	f(`concat("\xg0", a.b) = 1`, "invalid hex char escape sequence: g0", 13, 1, 14)
	f(`a.b in (x, "\xg0")`, "invalid hex char escape sequence: g0", 17, 1, 18)
	f(`a.b = "\'"`, `invalid \' escape in "-quoted string`, 10, 1, 11)
	f(`a.b = '\"'`, `invalid \" escape in '-quoted string`, 10, 1, 11)
	f(`a.b = "a\\"`, "expected a string value", 6, 1, 7) // the quote is not the end
	f("a.b = (x)", "expected a string value", 6, 1, 7)
}

// TestHexEscapes: \xHH in quotes is a byte, whatever it is part of; in Falco 0.44 it is an error.
func TestHexEscapes(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		n, err := Parse(text, MaxDepth, compat.V045)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return
		}
		if got := n.String(); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
		if again, err := Parse(want, MaxDepth, compat.V045); err != nil || !sameTree(n, again) {
			t.Errorf("%s: printed as %q, which parses as %v, %v", text, want, again, err)
		}
		_, err = Parse(text, MaxDepth, compat.V044)
		if want := `unsupported string escape sequence: \x`; err == nil || err.Error() != want {
			t.Errorf("%s: 0.44 says %v, want %s", text, err, want)
		}
	}
	f(`a.b = "\xff"`, "a.b = \"\xff\"")
	f(`a.b = '\xFf\xE2\x82'`, "a.b = \"\xff\xe2\x82\"")
	f(`a.b = "\x611\x22\x5c\x0a"`, `a.b = "a1\"\ \n"`)
	f(`a.b = "\x00"`, "a.b = \x00") // refused later
	f(`a.b = "\x00 "`, `a.b = "\x00 "`)
	f(`a.b in (x, "\x61")`, `a.b in ("x", "a")`)
	f(`a.b contains anyof (x, "\x61")`, `a.b contains anyof ("x", "a")`)
	f(`a.b["\x78\x79"] exists`, "a.b[xy] exists")
	f(`a.b["\x20"] exists`, `a.b[" "] exists`)
	f(`concat("\x00", 'b\x00', a.b) exists`, `concat("\x00", "b\x00", a.b) exists`)
	f(`join("\x2c", ("\x00", a.b)) exists`, `join(",", ("\x00", a.b)) exists`)
	f(`getopt(a.b, "\x61:")["\x61"] exists`, `getopt(a.b, "a:")[a] exists`)
	for v, want := range map[compat.Version]string{compat.V045: `a.b in ("a")`, compat.V044: "a.b in ()"} {
		// A fault in the first value makes the list empty.
		if n, err := Parse(`a.b in ("\x61")`, MaxDepth, v); err != nil || n.String() != want {
			t.Errorf("%s: got %v, %v, want %s", v, n, err, want)
		}
	}
	n, err := Parse(`a.b = \x61`, MaxDepth, compat.V045)
	if err != nil || n.String() != `a.b = "\ x61"` {
		t.Errorf("a bare word: got %v, %v", n, err)
	}
}

// TestNUL: a value with a NUL is an error of the check, behind those of operator and type.
func TestNUL(t *testing.T) {
	const want = `filter error: filter value cannot contain a NUL byte (\x00)`
	f := testErrors(t)
	for _, check := range []string{
		`probe.s = "\x00"`, `probe.s contains "a\x00b"`, `probe.s in (a, "\x00")`, `probe.s pmatch ("/\x00")`, `probe.s regex "\x00"`,
		`probe.s glob oneof ("\x00")`, "probe.s = a\x00", `probe.n = "\x00"`, `probe.n in ("1\x00")`, `probe.b = "true\x00"`,
		`probe.rel = "\x00"`, `probe.abs != "\x00"`, `probe.ip = "1.2.3.4\x00"`, `probe.net in ("\x00")`, `probe.ss in ("\x00")`,
		`probe.ns intersects ("\x00")`, `probe.ips in ("\x00")`, `toupper(probe.s) = "\x00"`,
		"probe.s = \"" + strings.Repeat("a", 300) + `\x00"`,
	} {
		f(check, want)
	}
	f(`probe.n contains "\x00"`, "filter error: 'contains' operator not supported for numeric filters")
	f(`probe.nope = "\x00"`, "filter_check called with nonexistent field probe.nope")
	f(`probe.n in (x, "\x00")`, "x is not a valid number")
	f(`probe.n in ("\x00", x)`, want)
	_, _, err := compileText("probe.s = a and\n  probe.t in (a, \"\\x00\")", probeScope(t))
	var e *Error
	if !errors.As(err, &e) || e.Pos != (Pos{18, 2, 3}) {
		t.Errorf("got %v at %+v, want an error at line 2, column 3", err, e)
	}
	testCondsAs(t, compat.V044)("probe.s in (a, b\x00)", "s=a", true)
	c := testConds(t)
	c(`concat("\x00", probe.s) = a`, "s=a", true) // an empty text
	c(`concat("b\x00c", probe.s) = ba`, "s=a", true)
	c(`probe.n = "\x31"`, "n=1", true)
	c(`probe.b = "\x74rue"`, "b=true", true)
	c(`probe.key["\x75ser"] = "\xff"`, "key.user=\xff", true)
	c(`probe.idx["\x31"] = b`, "ss=a|b", true)
	c(`probe.s = "a\xffb"`, "s=a\xffb", true)
	c(`probe.s = a\xffb`, `s=a\xffb`, true) // a bare word has no escapes
}

// TestDepth: levels are parentheses and transformers.
func TestDepth(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("(", n) + "a" + strings.Repeat(")", n) }
	if _, err := Parse(deep(99), 100, compat.V045); err != nil {
		t.Errorf("99 levels of 100: %v", err)
	}
	if _, err := Parse(deep(100), 100, compat.V045); err == nil || err.Error() != "exceeded max depth limit of 100" {
		t.Errorf("100 levels of 100: got %v", err)
	}
}

// TestCompilePositions: errors are where the check begins, warnings where the value does.
func TestCompilePositions(t *testing.T) {
	_, _, err := compileText("probe.s = a and\n  tolower(probe.n) = b", probeScope(t))
	var e *Error
	if !errors.As(err, &e) || e.Pos != (Pos{18, 2, 3}) {
		t.Errorf("got %v at %+v, want an error at line 2, column 3", err, e)
	}
	_, warnings, err := compileText("probe.s regex alice or probe.s in (x, 'probe.t') or probe.s = 'tolower( probe.t )'", probeScope(t))
	want := []Warning{
		{Pos: Pos{14, 1, 15}, Msg: "regex check with 'alice' may be optimized with simpler operators such as '=', 'contains', 'startswith', 'endswith'", Value: -1},
		{Pos: Pos{34, 1, 35}, Msg: "'probe.t' may be a valid field misused as a const string value", Value: 1},
		{Pos: Pos{62, 1, 63}, Msg: "'tolower( probe.t )' may be a valid field transformer misused as a const string value", Value: -1},
	}
	if err != nil || len(warnings) != len(want) {
		t.Fatalf("got %v, %v", warnings, err)
	}
	for i, w := range want {
		if w.Check = warnings[i].Check; w.Check == nil || warnings[i] != w {
			t.Errorf("got %+v, want %+v", warnings[i], w)
		}
	}
}

func TestValueErrors(t *testing.T) {
	f := testErrors(t)
	f("probe.n = x", "x is not a valid number")
	f("probe.n = 0x1f", "0x1f is not a valid number")
	f("probe.n = 1.5", "1.5 is not a valid number")
	f("probe.n = ''", " is not a valid number")
	f("probe.n = '1 '", "1  is not a valid number")
	f("probe.b = yes", "filter error: unrecognized boolean value yes")
	f("probe.ip = 1.2.3", "unrecognized IPv4 address 1.2.3")
	f("probe.ip = 01.2.3.4", "unrecognized IPv4 address 01.2.3.4")
	f("probe.ip = x", "unrecognized IPv6 address x")
	f("probe.ip = 'fe80::1%eth0'", "unrecognized IPv6 address fe80::1%eth0")
	f("probe.net = 1.2.3.4", "unrecognized IP network 1.2.3.4")
	f("probe.net = 1.2.3/8", "unrecognized IP address 1.2.3/8")
	f("probe.net = 1.2.3.4/33", "invalid netmask 33")
	f("probe.net = 1.2.3.4/x", "x is not a valid number")
	f("probe.net = ::1", "invalid v6 netmask: ::1")
	f("probe.net = x::y/8", "unrecognized IPv6 address x::y/8")
	f("probe.net = ::1/0", "invalid v6 netmask 0")
	f("probe.net = ::1/129", "invalid v6 netmask 129")
	f("probe.s = "+strings.Repeat("a", 256), "filter parameter too long (used=257, available=256):"+strings.Repeat("a", 256))
	f("probe.n glob 1", "filter error: 'glob' operator not supported for numeric filters")
	f("probe.b < 1", "filter error: '<' operator not supported for numeric filters")
	f("probe.ip < 1", "filter error: '<' operator not supported for ip address and network filters")
	f("probe.ip contains anyof (x)", "filter error: 'contains' with modifier not supported for ip address and network filters")
	f("probe.ss == x", "filter error: '=' operator not supported list filters")
	f("probe.s bstartswith 61", "filter error: 'bstartswith' operator not supported for string filters")
	f("x", "filter error: unexpected identifier 'x'")
}
