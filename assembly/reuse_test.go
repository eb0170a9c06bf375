// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"slices"
	"testing"
)

// TestUnchangedPluginsKeepTheirStates: a new assembly takes over what has not changed, and
// the old one closes the rest.
func TestUnchangedPluginsKeepTheirStates(t *testing.T) {
	notes := &[]string{}
	old, err := buildOf(t, notes, Options{Upto: Compiled})
	if err != nil {
		t.Fatal(err)
	}
	next, err := buildOf(t, notes, Options{Upto: Compiled, Previous: old}, "plugins[1].init_config=changed")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"init one", "init two", "init two"}; !slices.Equal(*notes, want) {
		t.Errorf("notes %q, want %q", *notes, want)
	}
	first, second := next.Source("first"), next.Source("second")
	if !first.Kept || second.Kept || first.Stream != old.Source("first").Stream || second.Stream == old.Source("second").Stream {
		t.Errorf("first kept: %v, second kept: %v, want only the first", first.Kept, second.Kept)
	}
	next.TakeOver()
	if err := old.Close(); err != nil {
		t.Error(err)
	}
	if last := (*notes)[len(*notes)-1]; len(*notes) != 4 || last != "destroy two" {
		t.Errorf("notes %q, want the old state of the second plugin destroyed, and no other", *notes)
	}
	if err := next.Close(); err != nil {
		t.Error(err)
	}
	if want := []string{"destroy two", "destroy one"}; len(*notes) != 6 || !slices.Equal((*notes)[4:], want) {
		t.Errorf("notes %q, want %q at the end", *notes, want)
	}
}

// TestAnAssemblyThatIsNotWanted leaves the previous one as it was.
func TestAnAssemblyThatIsNotWanted(t *testing.T) {
	notes := &[]string{}
	old, err := buildOf(t, notes, Options{Upto: Compiled})
	if err != nil {
		t.Fatal(err)
	}
	next, err := buildOf(t, notes, Options{Upto: Compiled, Previous: old})
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Close(); err != nil {
		t.Error(err)
	}
	if _, err := buildOf(t, notes, Options{Upto: Compiled, Previous: old}, "plugins[1].init_config=fail"); err == nil {
		t.Error("no error of a plugin that fails")
	}
	if slices.Contains(*notes, "destroy one") || slices.Contains(*notes, "destroy two") {
		t.Errorf("notes %q: a state in use was destroyed", *notes)
	}
	if err := old.Close(); err != nil {
		t.Error(err)
	}
}
