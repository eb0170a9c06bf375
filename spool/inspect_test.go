// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"os"
	"slices"
	"testing"
)

// TestInspectAndRepair: a damaged spool is shown as it is, also while it is used, and
// repaired without the loss of a whole record.
func TestInspectAndRepair(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, Options{Path: dir})
	a, b := reader(t, s, "a"), reader(t, s, "b")
	put(t, s, numbered(0, 100))
	if got := take(t, a, 30, false); !slices.Equal(got, sequence(0, 30)) {
		t.Fatalf("got %v", got)
	}
	look := func(waitingA, waitingB, records int, damaged bool) *Report {
		t.Helper()
		rep, err := Inspect(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(rep.Outputs) != 2 || rep.Outputs[0].Waiting != waitingA || rep.Outputs[1].Waiting != waitingB || len(rep.Segments) != 1 {
			t.Fatalf("%+v, want %d and %d waiting", rep, waitingA, waitingB)
		}
		if g := rep.Segments[0]; g.Records != records || (g.Damaged > 0) != damaged {
			t.Fatalf("%+v, want %d records, damage: %v", g, records, damaged)
		}
		return rep
	}
	path := look(70, 100, 100, false).Segments[0].Path
	if _, err := Repair(dir); err == nil {
		t.Error("a spool that is used is repaired")
	}
	a.Close()
	b.Close()
	closed(t, s)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1                 // one record
	text = append(text, "\xf5gyr torn"...) // and the end
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	want := look(69, 99, 99, true).Segments[0].Damaged
	if n, err := Repair(dir); n != want || err != nil {
		t.Errorf("repaired: %d, %v; want %d", n, err, want)
	}
	look(69, 99, 99, false)
	if n, err := Repair(dir); n != 0 || err != nil {
		t.Errorf("repaired once more: %d, %v", n, err)
	}
	if _, err := Repair(dir + "/none"); err == nil {
		t.Error("a folder that is not there is repaired")
	}
	s = opened(t, Options{Path: dir})
	a = reader(t, s, "a")
	if got := rest(t, a); len(got) != 69 || got[0] != 30 || got[68] != 99 {
		t.Errorf("%d alerts behind a repair: %v", len(got), got)
	}
	a.Close()
	closed(t, s)
}
