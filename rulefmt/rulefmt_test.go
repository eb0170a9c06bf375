// SPDX-License-Identifier: Apache-2.0

package rulefmt

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const messy = `

# Header.


- list:   names
  items: [a, b]
# About the macro.

- macro: m
  condition:   (evt.num  >  0
     and evt.source = demo)
  # The end of the macro.



- rule: r
  desc: d
  condition: |
    m and user.name in (names) and not
      user.id = 1 and (user.name contains "a  and b" or user.id = 2)

  output: >
    text %user.name

    # no comment
  priority: INFO
- rule: or
  desc: d
  condition: 'user.name = "x: y" or user.id = 3 and user.id = 4'
  output: o # a comment
  priority: INFO
- rule: with comment
  desc: d
  condition: user.name  = a # b
  output: o
  priority: INFO
- {rule: flow, condition: a  and  b}
- rule: fragment
  condition: and   not user.id = 5
  override: {condition: append}


# End.

`

const neat = `# Header.

- list:   names
  items: [a, b]

# About the macro.

- macro: m
  condition: (evt.num > 0 and evt.source = demo)
  # The end of the macro.

- rule: r
  desc: d
  condition: >
    m
    and user.name in (names)
    and not user.id = 1
    and (user.name contains "a  and b" or user.id = 2)

  output: >
    text %user.name

    # no comment
  priority: INFO

- rule: or
  desc: d
  condition: >
    user.name = "x: y"
    or user.id = 3 and user.id = 4
  output: o # a comment
  priority: INFO

- rule: with comment
  desc: d
  condition: user.name  = a # b
  output: o
  priority: INFO

- {rule: flow, condition: a  and  b}

- rule: fragment
  condition: and   not user.id = 5
  override: {condition: append}

# End.
`

func TestFormat(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		got, err := Format([]byte(in))
		if err != nil {
			t.Fatalf("%q: %v", in, err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		check(t, in)
	}
	f(messy, neat)
	f("", "")
	f("\r\n- list: a\r\n  items: [b]\r\n", "- list: a\n  items: [b]\n")
	f("a: 1\n\n\nb: 2\n", "a: 1\n\n\nb: 2\n") // no list of items
	f("- macro: a\n  condition: evt.num  = 1\n---\n- macro: b\n  condition: evt.num  = 2\n", "- macro: a\n  condition: evt.num  = 1\n---\n- macro: b\n  condition: evt.num  = 2\n")
	f("- list: a b\n  items: [x]\n- macro: b\n  condition: user.name  in (a b)\n", "- list: a b\n  items: [x]\n\n- macro: b\n  condition: user.name  in (a b)\n")
	f("- macro: a\n  condition: \"user.name = 'x: y'\"\n", "- macro: a\n  condition: >\n    user.name = 'x: y'\n")
	f("- rule: a\n  output: |+\n    x\n\n\n- rule: b\n", "- rule: a\n  output: |+\n    x\n\n\n- rule: b\n") // the blank lines count
	if out, err := Format([]byte("- a: [\n")); err == nil {
		t.Errorf("got %q, want an error", out)
	}
}

// check holds what must be true of any text that can be formatted.
func check(t *testing.T, in string) {
	t.Helper()
	out, err := Format([]byte(in))
	if err != nil {
		return
	}
	again, err := Format(out)
	if err != nil || string(again) != string(out) {
		t.Errorf("%q becomes\n%s\nand then\n%s\n%v", in, out, again, err)
	}
	before, err := parse(strings.ReplaceAll(in, "\r\n", "\n"))
	if err != nil {
		t.Fatal(err)
	}
	after, err := parse(string(out))
	if err != nil || !sameFiles(before, after) {
		t.Errorf("%q becomes something else:\n%s\n%v", in, out, err)
	}
	if got, want := comments(string(out)), comments(in); !slices.Equal(got, want) {
		t.Errorf("%q: comments %q, want %q", in, got, want)
	}
}

func comments(text string) (list []string) {
	for line := range strings.Lines(text) {
		if isComment(line) {
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

// TestRealFiles formats the rules files of the repository and of tests.
func TestRealFiles(t *testing.T) {
	n := 0
	for _, pattern := range []string{"../rules/testdata/*/*.yaml", "../rules/testdata/loading/*/*.yaml", "../plugins/*/rules/*.yaml", "../demo/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, string(text))
			n++
		}
	}
	if n < 100 {
		t.Errorf("%d files", n)
	}
}

// FuzzFormat: what is formatted stays the same when formatted again, means the same, and has
// all its comments.
func FuzzFormat(f *testing.F) {
	f.Add(messy)
	f.Add(neat)
	files, err := filepath.Glob("../rules/testdata/loading/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(check)
}
