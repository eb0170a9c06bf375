// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/compat"
)

// TestNoEvttype: rules for system calls are warned of if they match many types of events, and
// in Falco 0.44 if they match none.
func TestNoEvttype(t *testing.T) {
	warns := func(condition, more string, v compat.Version) bool {
		t.Helper()
		file := "- macro: never\n  condition: (evt.num=0)\n- {rule: r, desc: d, output: o, priority: INFO, condition: '" + condition + "'" + more + "}\n"
		_, report := Load([]File{{"r.yaml", []byte(file)}}, probeOptionsAs(t, v))
		if !report.Ok() {
			t.Fatal(report.Files[0].Text())
		}
		for _, w := range report.Files[0].Warnings {
			if w.Code == WarnNoEvttype {
				if w.Message != msgTooManyTypes || w.Locations()[1].ItemName != "r" || len(w.Locations()) != 2 {
					t.Errorf("%s: %q at %v", condition, w.Message, w.Locations())
				}
				return true
			}
		}
		return false
	}
	f := func(condition string, want045, want044 bool) {
		t.Helper()
		for v, want := range map[compat.Version]bool{compat.V045: want045, compat.V044: want044} {
			if got := warns(condition, "", v); got != want {
				t.Errorf("%s: %s: warning %v, want %v", v, condition, got, want)
			}
		}
	}
	f("proc.name = cat", true, true)
	f("evt.type = open", false, false)
	f("syscall.type = open", false, false)
	f("evt.type in (open, openat) and proc.name = cat", false, false)
	f("evt.type = open or proc.name = cat", true, true)
	f("not evt.type = open", true, true)
	f("evt.type != open", true, true)
	f("not evt.type != open", false, false)
	f("not (evt.type != open or proc.name = cat)", false, false)
	f("not (not evt.type = open and not proc.name = cat)", true, true)
	f("not not evt.type = open", false, false)
	f("evt.type exists", true, true)
	f("not evt.type exists", false, true)
	f("evt.type = open and evt.type = close", false, true)
	f("evt.type in ()", false, true)
	f("evt.type contains open", true, true)
	f("evt.type = anyof (open)", true, true)
	f("evt.type = open and (evt.type = open or evt.type != close)", false, false)
	f("evt.type = getcpu", false, false)
	f("never", false, true)
	f("never and evt.type = open", false, false)
	f("never or evt.type = open", false, true)
	f("not never", true, true)
	f("not evt.num > 0", false, true)
	f("evt.num in (0, 0)", false, true)
	f("evt.num in (0, 1)", true, true)
	for _, check := range []string{"< 0", "< 1", "<= 0", "== 0", "in (0)", "in ()"} {
		f("evt.num "+check, false, true)
	}
	for _, check := range []string{"> 0", ">= 0", ">= 1", "!= 0", "= 1", "< 2", "<= 1", "> 1", ">= 2", "!= 1", "= -1", "in (1)"} {
		f("evt.num "+check, true, true)
	}
	many := strings.Fields(eventNames)
	for i, n := range many {
		many[i], _, _ = strings.Cut(n, ":")
	}
	f("evt.type in ("+strings.Join(many[:35], ", ")+")", false, false) // 100 kinds
	f("evt.type in ("+strings.Join(many[:36], ", ")+")", true, true)
	f("not evt.type in ("+strings.Join(many, ", ")+")", false, false)
	f("evt.type in ("+strings.Join(strings.Fields(strings.Repeat("getcpu gettid ", 60)), ", ")+")", false, false) // all of one kind
	if warns("proc.name = cat", ", warn_evttypes: false", compat.V045) || warns("probe.s = cat", ", source: probe", compat.V045) {
		t.Error("a warning that is not wanted")
	}
}
