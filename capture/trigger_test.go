// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTrigger plays scripts: an event per word, its time and what matched it: "!" a rule
// that starts a recording, "?" one that does not, and the duration that the rule asks for.
// What is wanted is a line per file: time and number in its name, and its events.
func TestTrigger(t *testing.T) {
	f := func(script string, want ...string) {
		t.Helper()
		dir := t.TempDir()
		tr := NewTrigger(TriggerOptions{Prefix: filepath.Join(dir, "f"), Duration: 10})
		for i, word := range strings.Fields(script) {
			at, asked, start := strings.Cut(word, "!")
			at, asked2, _ := strings.Cut(at, "?")
			e := plugin(3, number(t, at), at)
			e.Num = uint64(i + 1)
			if start || strings.Contains(word, "?") {
				if err := tr.Match(&e, start, time.Duration(number(t, "0"+asked+asked2))); err != nil {
					t.Fatal(err)
				}
			}
			if err := tr.Write("dummy", &e); err != nil {
				t.Fatal(err)
			}
		}
		if err := tr.Close(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, recordings(t, dir)); diff != "" {
			t.Errorf("%s:\n%s", script, diff)
		}
	}
	f("1 2 3?")
	f("1 5! 6 14 15 16", "5 2: 5 6 14 15")
	f("5! 10!3 14 15 16", "5 1: 5 10 14 15")
	f("5! 10!30 14 39 40 41", "5 1: 5 10 14 39 40")
	f("5! 10? 19 20 21", "5 1: 5 10 19 20")
	f("5! 15 20! 29", "5 1: 5 15", "20 3: 20 29")
	f("5?50 6! 54 55 56", "6 2: 6 54 55") // a match before the recording counts, as in Falco
}

func number(t *testing.T, s string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// recordings lists the files of a trigger with their events.
func recordings(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, path := range paths {
		var at, num uint64
		if _, err := fmt.Sscanf(filepath.Base(path), "f_%20d_%20d.scap", &at, &num); err != nil || path != TriggeredPath(filepath.Join(dir, "f"), at, num) {
			t.Fatalf("%s: %v", path, err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%d %d:", at, num)
		for _, e := range mustRead(t, data, ReaderOptions{}) {
			line += " " + e.Data
		}
		list = append(list, line)
	}
	return list
}

func TestTriggerFull(t *testing.T) {
	dir := t.TempDir()
	var full []string
	tr := NewTrigger(TriggerOptions{Prefix: filepath.Join(dir, "f"), Duration: time.Hour, MaxSize: 3000,
		Full: func(path string, size int64) {
			if st, err := os.Stat(path); err != nil || st.Size() != size || size < 3000 {
				t.Errorf("full at %d bytes: %v, error %v", size, st, err)
			}
			full = append(full, path)
		}})
	e := plugin(3, 1, "")
	e.Num = 1
	if err := tr.Match(&e, true, 0); err != nil {
		t.Fatal(err)
	}
	first := tr.Path()
	for i := range 3000 {
		e.Data = []byte(ConfigDigest(fmt.Sprint(i)))
		if err := tr.Write("dummy", &e); err != nil {
			t.Fatal(err)
		}
	}
	if len(full) != 1 || full[0] != first || tr.Path() != "" {
		t.Errorf("full files are %v, the first was %s, now %q", full, first, tr.Path())
	}
	if err := NewTrigger(TriggerOptions{Prefix: filepath.Join(dir, "no", "f")}).Match(&e, true, 0); err == nil {
		t.Error("a recording in a folder that does not exist begins")
	}
}
