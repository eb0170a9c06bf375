// SPDX-License-Identifier: Apache-2.0

package registry_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/registry"
)

func read(t testing.TB, text string) *registry.Registry {
	t.Helper()
	r, err := registry.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestKnown(t *testing.T) {
	r := registry.Known()
	if err := errors.Join(r.Check()...); err != nil {
		t.Error(err)
	}
	ids := map[string]uint32{"k8saudit": 1, "cloudtrail": 2, "dummy": 3, "dummy_c": 4, "journald": 17, "coding_agent": 28, "json": 0}
	for i := range r.Plugins {
		p := &r.Plugins[i]
		if want, ok := ids[p.Name]; ok && p.Capabilities.Sourcing.ID != want {
			t.Errorf("%s: got id %d, want %d", p.Name, p.Capabilities.Sourcing.ID, want)
		}
		delete(ids, p.Name)
	}
	if len(ids) > 0 {
		t.Errorf("not there: %v", ids)
	}
}

func TestCheck(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		errs := read(t, "reserved_sources: [syscall]\nplugins:\n"+text).Check()
		if len(errs) != len(want) {
			t.Errorf("%s: got %v, want %q", text, errs, want)
			return
		}
		for i, err := range errs {
			if !strings.Contains(err.Error(), want[i]) {
				t.Errorf("%s: got %v, want %q", text, err, want[i])
			}
		}
	}
	plugin := func(name, sourcing string) string {
		return "- {name: " + name + ", capabilities: {sourcing: {supported: true, " + sourcing + "}}}\n"
	}
	f("")
	f("- {name: only-fields, capabilities: {extraction: {supported: true}}}")
	f(plugin("a", "id: 1, source: a") + plugin("b", "id: 2, source: a"))
	f(plugin("zero", "id: 0"))
	f(plugin("a", "id: 1073741823, source: a"))
	f(plugin("a", "id: 1073741824, source: a"), "source ID outside the allowed range (1073741823): '1073741824'")
	f(plugin("a", "id: 1, source: a")+plugin("b", "id: 1, source: b"), "plugin b: source ID is not unique: '1' belongs to a")
	f(plugin("a", "id: 1, source: a")+plugin("a", "id: 2, source: b"), "plugin name is not unique: 'a'")
	f(plugin("A", "id: 1, source: a")+plugin("4", "id: 2, source: a"), "'A'", "'4'")
	f(plugin("a", "id: 1, source: syscall"), "plugin a: forbidden source name: 'syscall'")
	f(plugin("a", "id: 1, source: a-b"), "plugin a: source name does not follow the naming convention")
	f(plugin("a", "id: 1"), "source name does not follow the naming convention")
	f("- {name: a, capabilities: {sourcing: {supported: false, id: 4000000000}}}")
}

func TestReadFails(t *testing.T) {
	for _, text := range []string{"plugins: 5", "plugins: [{capabilities: {sourcing: {id: -1}}}]", "{"} {
		if r, err := registry.Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q: got %+v, want an error", text, r)
		}
	}
	if r := read(t, ""); len(r.Plugins) != 0 {
		t.Errorf("an empty file has %v", r.Plugins)
	}
}

func TestWarn(t *testing.T) {
	f := func(plugin string, id uint32, source, want string) {
		t.Helper()
		if got := registry.Known().Warn(plugin, id, source); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f("dummy", 3, "dummy", "")
	f("json", 0, "", "")
	f("mine", 999, "mine", "plugin mine has ID 999, which is reserved for development and not unique")
	f("mine", 3, "mine", "plugin mine has ID 3, which is registered to plugin dummy")
	f("dummy", 3, "numbers", "plugin dummy has the event source numbers, but is registered with dummy")
	f("mine", 998, "mine", "")
	f("mine", 1<<30, "mine", "")
	f("mine", 1<<31-1, "mine", "")
	f("mine", 1<<31, "mine", "plugin mine has ID 2147483648, which is in the reserved range")
}

func TestHas(t *testing.T) {
	for id, want := range map[uint32]bool{0: true, 3: true, 998: false, 1<<30 - 1: false, 1 << 30: true, 1<<31 - 1: true, 1 << 31: false} {
		if got := registry.Known().Has(id); got != want {
			t.Errorf("%d: got %t", id, got)
		}
	}
}

// Whatever the file holds, reading and checking it ends, and what is accepted has no id
// twice.
func FuzzRegistry(f *testing.F) {
	f.Add("plugins: [{name: a, capabilities: {sourcing: {supported: true, id: 1, source: a}}}]")
	f.Add("reserved_sources: [x]\nplugins: [{name: A}, {}]")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := registry.Read(strings.NewReader(text))
		if err != nil || len(r.Check()) > 0 {
			return
		}
		seen := map[uint32]bool{}
		for _, p := range r.Plugins {
			if s := p.Capabilities.Sourcing; s.Supported {
				if seen[s.ID] {
					t.Errorf("id %d is there twice", s.ID)
				}
				seen[s.ID] = true
			}
		}
	})
}
