// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"strings"
	"testing"
)

// TestNotes marks what is noted with «.
func TestNotes(t *testing.T) {
	f := func(code Code, contents ...string) {
		t.Helper()
		files, place := atMistake(t, contents)
		want := ""
		if code != "" {
			want = place + ": warning: "
		}
		_, report := load(t, probeOptions(t), files...)
		if !report.Ok() {
			t.Fatal(said(t, files...))
		}
		got := report.Warnings()
		if n := strings.Count(got, "GYR_"); code == "" && n > 0 || code != "" && n != 1 || !strings.HasPrefix(got, want) || !strings.Contains(got, string(code)) {
			t.Errorf("%q: want %s at %s, got\n%s", contents, code, place, got)
		}
		if bytes.Contains(report.JSON(), []byte("GYR_")) {
			t.Errorf("a note is among the load results: %s", report.JSON())
		}
		for _, r := range report.Files {
			if strings.Contains(r.Text(), "GYR_") {
				t.Errorf("a note is in Falco's text: %s", r.Text())
			}
		}
	}
	list := "- list: bad_events\n  items: [StopLogging]\n- list: admins\n  items: [admin, root]\n"
	use := rule("u", "probe.s in (bad_events) or probe.s in (admins)")
	f(NoteNearlyList, list+use+rule("r", "probe.s in (a, «bad_event)"))
	f(NoteNearlyList, list+use+rule("r", "probe.s in («bad_evetns)"))
	f(NoteNearlyList, list+use+rule("r", "probe.s in («Bad_Events)"))
	f(NoteNearlyList, list+use+rule("r", "probe.s in «bad_event"))
	f(NoteNearlyList, list+use+"- macro: m\n  condition: probe.t in («bad_eventss)\n"+rule("r", "m")+rule("s", "not m"))
	f(NoteNearlyList, list+use+"- list: more\n  items: [«bad_event, x]\n"+rule("r", "probe.s in (more)"))
	f(NoteNearlyList, list+use+rule("r", "probe.s startswith anyof (x,\n    «bad_event)"))
	f("", list+use+rule("r", "probe.s in (admin)")) // too short, and an item of the list
	f("", list+use+rule("r", "probe.s in (\"bad_event\", 'bad_evets')"))
	f("", list+use+rule("r", "probe.s = bad_event and probe.s in (event, bad, events)"))
	f("", list+use+"- list: more\n  items: [bad_events, \"bad_event\", 'bad_event']\n"+rule("r", "probe.s in (more)"))
	f("", "- list: admins_\n  items: [admins, x]\n"+rule("r", "probe.s in (admins_)"))

	f(NoteAfterEmpty, rule("r", "probe.n = 1")+"---\n---\n«"+rule("s", "probe.n = 1"))
	f(NoteAfterEmpty, rule("r", "probe.n = 1")+"---\n# nothing\n...\n«- [\n")
	f("", rule("r", "probe.n = 1")+"---\n# nothing\n---\n\n# c\n")
	f("", rule("r", "probe.n = 1")+"---\n"+rule("s", "probe.n = 1")+"---\n")

	f(NoteKeyTwice, rule("r", "probe.n = 1", "«desc: other"))
	f(NoteKeyTwice, "- list: l\n  items: [a]\n  «items: [b]\n"+rule("r", "probe.s in (l)"))
	f(NoteUnknownKey, rule("r", "probe.n = 1", "exceptions: [{name: e, fields: probe.s, «value: [x]}]"))
	f(NoteUnknownKey, "- required_plugin_versions: [{name: probe, version: 1.0.0, «alternative: []}]\n"+rule("r", "probe.n = 1"))
	f(NoteTextOnField, strings.Replace(rule("r", "probe.n = 1"), "%probe.s", "%«probe.sx is it", 1))
	f(NoteTextOnField, rule("r", "probe.n = 1"), "- rule: r\n  output: and %«probe.s.more\n  override: {output: append}\n")
	f("", strings.Replace(rule("r", "probe.n = 1"), "%probe.s", "%probe.s. %probe.s-%probe.t, %probe.key[k]x", 1))
}

// TestNotesOfBigFiles: files that are read in pieces have the same notes.
func TestNotesOfBigFiles(t *testing.T) {
	content := strings.Repeat("# filler\n", bigFile/9+1) + rule("r", "probe.n = 1") + "---\n---\n" + rule("s", "probe.n = x")
	_, report := load(t, probeOptions(t), content)
	if !report.Ok() || !strings.Contains(report.Warnings(), string(NoteAfterEmpty)) {
		t.Error(said(t, content))
	}
}
