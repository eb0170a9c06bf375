// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"
)

// latin1 is a text as a file in that encoding has it.
func latin1(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r))
	}
	return string(b)
}

// TestBytesThatAreNotUTF8 checks that what is not UTF-8 stays as it is, as in Falco, in names,
// outputs, quoted values and list items.
func TestBytesThatAreNotUTF8(t *testing.T) {
	content := latin1("# Überprüfung\n- list: l\n  items: [cafe, 'crème brûlée']\n" +
		rule("Zugriff für é", "probe.s = 'né' or probe.t in (l)", "tags: [süß]"))
	set, report := load(t, probeOptions(t), strings.Replace(content, "o %probe.s", latin1("größer %probe.s"), 1))
	if !report.Ok() {
		t.Fatal(report.Files[0].Text())
	}
	r := set.Sources["probe"].Rules[0]
	for _, c := range [][2]string{
		{r.Name, "Zugriff für é"}, {r.Message.String(), "größer %probe.s"}, {r.Tags[0], "süß"},
		{set.compiler.lists.byName["l"].items[1], "crème brûlée"},
	} {
		if c[0] != latin1(c[1]) {
			t.Errorf("got %q, want %q", c[0], latin1(c[1]))
		}
	}
	// A bare word ends at such a byte, and columns are counted in bytes.
	_, report = load(t, probeOptions(t), latin1("# é\n"+rule("é", "probe.s = né")))
	e := report.Files[0].Errors
	if len(e) != 1 || e[0].Message != "unexpected token after 'n', expecting 'or', 'and'" || e[0].at.at().column != 25 {
		t.Fatalf("got %+v", e)
	}
	if !bytes.Contains(report.JSON(), []byte("\uFFFD")) {
		t.Errorf("the JSON has no replacement character: %s", report.JSON())
	}
}

func TestControlCharacters(t *testing.T) {
	for _, c := range []string{"\x01", "\x0b", "\x1b", "\x7f", "\u0080", "\uFFFE", "\U0010FE01", "\U0010FE01\xff"} {
		set, report := load(t, probeOptions(t), rule("r"+c, "probe.n = 1"))
		if !report.Ok() {
			t.Fatal(report.Files[0].Text())
		}
		if got := set.Sources["probe"].Rules[0].Name; got != "r"+c {
			t.Errorf("got %q, want %q", got, "r"+c)
		}
	}
	for _, c := range []string{"\x00", "\x04"} {
		_, report := load(t, probeOptions(t), "# é"+c+"\n"+rule("r", "probe.n = 1"))
		if e := report.Files[0].Errors; len(e) != 1 || e[0].Message != msgControl || e[0].at.at() != (position{4, 0, 4}) {
			t.Errorf("%q: got %+v", c, e)
		}
	}
}

func TestAllPrivateBlocksInUse(t *testing.T) {
	var all strings.Builder
	for i := range blocks {
		all.WriteRune(rune(privatePlanes + i*blockSize))
	}
	for text, want := range map[string]bool{all.String() + "\xff": false, all.String()[:4*(blocks-1)] + "\xff": true} {
		if _, report := load(t, probeOptions(t), "- list: l\n  items: ['"+text+"']\n"); report.Ok() != want {
			t.Errorf("%d characters: %v, want %v", len(text)/4, report.Ok(), want)
		}
	}
}

func TestUTF16(t *testing.T) {
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		var b []byte
		for _, u := range utf16.Encode([]rune(rule("r é", "probe.nope = 1"))) {
			if mark == "\xff\xfe" {
				b = append(b, byte(u), byte(u>>8))
			} else {
				b = append(b, byte(u>>8), byte(u))
			}
		}
		_, report := load(t, probeOptions(t), mark+string(b))
		if e := report.Files[0].Errors; len(e) != 1 || e[0].Code != ErrCondition || e[0].at.at().line != 3 {
			t.Errorf("got %+v", e)
		}
	}
}
