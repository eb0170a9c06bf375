// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// block is a fenced block of a document.
type block struct {
	kind  string // the last word behind the fence
	first int    // number of its first line
	lines []string
}

// at names a line of the block.
func (b *block) at(i int) string { return fmt.Sprintf("LANGUAGE.md:%d", b.first+i) }

// blocks returns the blocks of a document whose kind begins with "gyr-".
func blocks(t testing.TB, file string) []block {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []block
	var open *block
	for i, line := range strings.Split(string(text), "\n") {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case !fence && open != nil:
			open.lines = append(open.lines, line)
		case fence && open == nil:
			words := strings.Fields(info + " ?")
			kind := words[max(0, len(words)-2)]
			open = &block{kind: kind, first: i + 2}
		case fence:
			if strings.HasPrefix(open.kind, "gyr-") {
				list = append(list, *open)
			}
			open = nil
		}
	}
	if open != nil {
		t.Fatalf("%s: the block is not closed", open.at(0))
	}
	return list
}

// example is something with what is expected of it: a line, and indented lines below it.
type example struct {
	text string
	line int
	want []string
}

// examples splits a block into its examples.
func (b *block) examples() []example {
	var list []example
	for i, line := range b.lines {
		switch {
		case strings.TrimSpace(line) == "":
		case line[0] == ' ' && len(list) > 0:
			e := &list[len(list)-1]
			e.want = append(e.want, strings.TrimSpace(line))
		default:
			list = append(list, example{text: line, line: i})
		}
	}
	return list
}

// cutWant splits "input => want" at the last arrow.
func cutWant(line string) (in, want string, ok bool) {
	i := strings.LastIndex(line, "=>")
	if i < 0 {
		return "", "", false
	}
	return strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+2:]), true
}
