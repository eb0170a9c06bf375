// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		n, err := Parse(text, MaxDepth)
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
		_, err := Parse(text, MaxDepth)
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
	f(`a.b = "\x41"`, `unsupported string escape sequence: \x`, 12, 1, 13)
	f(`a.b = "\'"`, `invalid \' escape in "-quoted string`, 10, 1, 11)
	f(`a.b = '\"'`, `invalid \" escape in '-quoted string`, 10, 1, 11)
	f(`a.b = "a\\"`, "expected a string value", 6, 1, 7) // the quote is not the end
	f("a.b = (x)", "expected a string value", 6, 1, 7)
}

// TestDepth: levels are parentheses and transformers.
func TestDepth(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("(", n) + "a" + strings.Repeat(")", n) }
	if _, err := Parse(deep(99), 100); err != nil {
		t.Errorf("99 levels of 100: %v", err)
	}
	if _, err := Parse(deep(100), 100); err == nil || err.Error() != "exceeded max depth limit of 100" {
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
