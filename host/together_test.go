// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

func TestCheckTogether(t *testing.T) {
	source := func(name string, id uint32, source string, fields ...string) *Info {
		return &Info{Name: name, Caps: Sourcing | Extraction, ID: id, Source: source, ExtractSources: []string{source}, Fields: fieldInfos(fields)}
	}
	extractor := func(name string, sources []string, fields ...string) *Info {
		return &Info{Name: name, Caps: Extraction, ExtractSources: sources, Fields: fieldInfos(fields)}
	}
	f := func(want string, infos ...*Info) {
		t.Helper()
		generic := func(name string) bool { return name == "evt.num" }
		if err := CheckTogether(infos, []string{"syscall"}, generic); fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	ok := "<nil>"
	f(ok)
	f(ok, source("a", 1, "sa", "a.x"), source("b", 2, "sb", "a.x"), extractor("c", nil, "c.x"))
	f("found another plugin with name a. Aborting.", source("a", 1, "sa"), extractor("a", nil))
	f("found another plugin with ID 1. Aborting.", source("a", 1, "sa"), source("b", 1, "sb"))
	f("plugins a and b both provide the event source sa; load only one of them", source("a", 1, "sa"), source("b", 2, "sa"))
	f(ok, source("a", 0, ""), source("b", 0, "")) // sources of system events
	f("Plugin 'c' supports extraction of field 'a.x' that is overlapping for source 'sa'", source("a", 1, "sa", "a.x"), extractor("c", nil, "c.x", "a.x"))
	f("Plugin 'd' supports extraction of field 'x' that is overlapping for source 'syscall'", extractor("c", nil, "x"), extractor("d", nil, "x"))
	f(ok, source("a", 1, "sa"), extractor("c", []string{"sa"}, "x"), extractor("d", []string{"sb"}, "x"))
	f("Plugin 'a' supports extraction of field 'evt.num' that is overlapping for source 'sa'", source("a", 1, "sa", "evt.num"))
}

func fieldInfos(names []string) (list []abi.FieldInfo) {
	for _, n := range names {
		list = append(list, abi.FieldInfo{Name: n, Type: abi.String})
	}
	return list
}

func TestCheckAPIVersion(t *testing.T) {
	f := func(version, want string) {
		t.Helper()
		got, err := CheckAPIVersion(version)
		text := got.String()
		if err != nil {
			text = err.Error()
		}
		if text != want {
			t.Errorf("%s: got %s, want %s", version, text, want)
		}
	}
	refused := func(version, framework, why string) {
		t.Helper()
		f(version, fmt.Sprintf("plugin required API version '%s' not compatible with the framework's API version '%s': %s", version, framework, why))
	}
	for _, v := range []string{"0.2.0", "0.3.0", "1.0.0", "2.0.0", "3.0.0", "3.1.9", "3.12.0"} {
		f(v, v)
	}
	f("3.4.1-rc1", "3.4.1")
	refused("3.12.1", "3.12.0", "framework's patch is less than the requested one")
	refused("3.13.0", "3.12.0", "framework's minor is less than the requested one")
	refused("4.0.0", "3.12.0", "major versions disagree")
	refused("4294967295.0.0", "3.12.0", "major versions disagree")
	refused("1.1.0", "1.0.0", "framework's minor is less than the requested one")
	for _, v := range []string{"", "3", "3.0", "x.y.z", "-1.0.0", "3..0", "4294967296.0.0"} {
		f(v, "plugin provided an invalid required API version: '"+v+"'")
	}
}
