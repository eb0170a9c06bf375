// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bufio"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
)

// probePlan extracts the probe's fields from lines of name=value, separated by tabs.
type probePlan []fields.Want

func (p probePlan) Extract(b *event.Batch, rows []int32, t *fields.Table) error {
	for _, r := range rows {
		for _, w := range p {
			t.Row(int(r))[w.Cell] = probeValue(string(b.Events[r].Data), w.Ref)
		}
	}
	return nil
}

func probeValue(line string, ref fields.Ref) event.Value {
	if ref.Field.ID == fields.InfoID {
		return event.StringValue(line)
	}
	name := strings.TrimPrefix(ref.Field.Name, "probe.")
	switch {
	case name == "idx":
		name = "ss"
	case name == "opt" && !ref.HasArg:
		name = "s"
	case ref.HasArg:
		name += "." + ref.Arg
	}
	for _, item := range strings.Split(line, "\t") {
		v, found := strings.CutPrefix(item, name+"=")
		switch {
		case !found:
			continue
		case v == "!fail":
			return event.Value{}
		case ref.ByIndex:
			list := strings.Split(v, "|")
			if v == "" || ref.Index >= uint64(len(list)) {
				return event.Value{}
			}
			return event.StringValue(list[ref.Index])
		case !ref.Field.List:
			return probeScalar(v, ref.Field.Type)
		case v == "":
			return event.Value{}
		}
		var list []event.Value
		for _, e := range strings.Split(v, "|") {
			list = append(list, probeScalar(e, ref.Field.Type))
		}
		return event.ListValue(list)
	}
	return event.Value{}
}

func probeScalar(v string, t abi.FieldType) event.Value {
	switch t {
	case abi.String:
		return event.StringValue(v)
	case abi.Bool:
		return event.BoolValue(v == "true")
	case abi.IPAddr, abi.IPNet:
		a, err := netip.ParseAddr(v)
		if err != nil {
			return event.Value{}
		}
		return event.StringValue(string(a.AsSlice()))
	}
	n, _ := strconv.ParseUint(v, 10, 64)
	return event.NumValue(n)
}

func probeBatch(t *testing.T, path string) *event.Batch {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := event.NewBatch(1000, event.NewArena(nil, nil))
	b.Source = "probe"
	for lines := bufio.NewScanner(f); lines.Scan(); {
		n := uint64(len(b.Events) + 1)
		b.Add(999, 1_700_000_000_000_000_000+n*1_000_000, lines.Bytes())
		b.Events[n-1].Num = n
	}
	b.Start = b.Events[0].Time
	return b
}

// alertLines evaluates rules on all events and encodes the alerts.
func alertLines(t *testing.T, set *Ruleset, b *event.Batch) []string {
	t.Helper()
	lines := []string{}
	src := set.Sources["probe"]
	if src == nil {
		return lines
	}
	var table fields.Table
	table.Resize(len(b.Events), src.Layout.Width())
	rows := make([]int32, len(b.Events))
	for i := range rows {
		rows[i] = int32(i)
	}
	for cell, ref := range src.Layout.Refs() {
		plan, err := ref.Field.Owner.Plan([]fields.Want{{Ref: ref, Cell: cell}})
		if err != nil {
			t.Fatal(err)
		}
		if err := plan.Extract(b, rows, &table); err != nil {
			t.Fatal(err)
		}
	}
	enc := alert.Encoder{
		JSON: true, ISO8601: true, Hostname: "conformance",
		IncludeOutput: true, IncludeMessage: true, IncludeFields: true, IncludeTags: true,
	}
	for i := range b.Events {
		env := &filter.Env{Row: table.Row(i), Arena: b.Arena}
		for _, r := range src.Rules {
			if r.Cond.Eval(env) {
				message := r.Message.AppendText(nil, env)
				lines = append(lines, string(enc.Append(nil, r.Meta, b.Events[i].Time, message, r.Fields.AppendJSON(nil, env))))
			}
		}
	}
	return lines
}

// TestAlertsAsFalco compares the alerts of the loading cases, byte for byte, with those of
// Falco.
func TestAlertsAsFalco(t *testing.T) {
	b := probeBatch(t, "testdata/loading/events.txt")
	for v, recorded := range versions {
		var want map[string]struct{ Alerts []string }
		readGzip(t, filepath.Join(recorded, "loading/expected.json.gz"), &want)
		for name, w := range want {
			set, report := Load(caseFiles(t, filepath.Join("testdata/loading", name)), probeOptionsAs(t, v))
			got := []string{}
			if report.Ok() {
				got = alertLines(t, set, b)
			}
			if diff := cmp.Diff(w.Alerts, got); diff != "" {
				t.Errorf("%s: %s: -want +got:\n%s", v, name, diff)
			}
		}
	}
}

// TestNothingBehindEmptyDocument checks that a file ends at an empty document: rules behind it
// do not exist, as in the recorded case null-document, those before it do.
func TestNothingBehindEmptyDocument(t *testing.T) {
	content, err := os.ReadFile("testdata/loading/null-document/1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	b := probeBatch(t, "testdata/loading/events.txt")
	_, item, _ := strings.Cut(string(content), "---\n---\n")
	f := func(content string, want bool) {
		t.Helper()
		for _, whole := range []bool{true, false} {
			s := newSource(File{"1.yaml", []byte(content)})
			s.whole, s.piece = whole, 1
			set, report := loadSources([]*source{s}, probeOptions(t))
			if !report.Ok() {
				t.Fatal(report.Files[0].Text())
			}
			if got := len(alertLines(t, set, b)) > 0; got != want {
				t.Errorf("%q, read as a whole: %v: alerts: %v, want %v", content, whole, got, want)
			}
		}
	}
	f(string(content), false)
	f("---\n"+item, true)
	f(item+"---\n---\n- nonsense\n", true)
	f("- list: l\n  items: [a]\n---\n---\n"+item, false)
}

// TestEdgeCaseAlertsAsFalco does the same with all rules of the edge cases.
func TestEdgeCaseAlertsAsFalco(t *testing.T) {
	const dir = "testdata/edge-cases"
	content, err := os.ReadFile(filepath.Join(dir, "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for v, recorded := range versions {
		var want struct{ Lines []string }
		readGzip(t, filepath.Join(recorded, "edge-cases/expected.json.gz"), &want)
		set, report := Load([]File{{"rules.yaml", content}}, probeOptionsAs(t, v))
		if !report.Ok() {
			t.Fatal(report.Files[0].Text())
		}
		got := alertLines(t, set, probeBatch(t, filepath.Join(dir, "events.txt")))
		if len(got) != len(want.Lines) {
			t.Errorf("%s: got %d lines, want %d", v, len(got), len(want.Lines))
		}
		for i := range min(len(got), len(want.Lines)) {
			if got[i] != want.Lines[i] {
				t.Fatalf("%s: line %d:\n got %s\nwant %s", v, i, got[i], want.Lines[i])
			}
		}
	}
}

// TestByteAlertsAsFalco compares the alerts on events of raw bytes: which there are, and
// message and output, but for what gyr shows of them on purpose in another way (output_fields).
func TestByteAlertsAsFalco(t *testing.T) {
	for v, recorded := range versions {
		var want struct{ Lines []string }
		readGzip(t, filepath.Join(recorded, "bytes/expected.json.gz"), &want)
		content, err := os.ReadFile(filepath.Join(recorded, "bytes/rules.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		set, report := Load([]File{{"rules.yaml", content}}, probeOptionsAs(t, v))
		if !report.Ok() {
			t.Fatal(report.Files[0].Text())
		}
		b := probeBatch(t, "testdata/bytes/events.txt")
		got := alertTexts(t, alertLines(t, set, b))
		recordedTexts := alertTexts(t, slices.DeleteFunc(want.Lines, func(line string) bool {
			return v == compat.V044 && surrogate(line)
		}))
		if diff := cmp.Diff(recordedTexts, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", v, diff)
		}
	}
}

// surrogate reports whether an alert is one of the six that Falco 0.44 has because RE2 takes
// surrogates and other broken sequences for characters.
func surrogate(line string) bool {
	for _, rule := range []string{"c028", "c098"} {
		for _, ms := range []string{"23", "26", "28"} {
			if strings.Contains(line, `"rule":"`+rule+`"`) && strings.HasSuffix(line, ":20.0"+ms+`000000Z"}`) {
				return true
			}
		}
	}
	return false
}

// alertTexts leaves out output_fields.
func alertTexts(t *testing.T, lines []string) (out []map[string]any) {
	t.Helper()
	for _, l := range lines {
		var m map[string]any
		if err := json.Unmarshal([]byte(l), &m); err != nil {
			t.Fatal(err)
		}
		delete(m, "output_fields")
		out = append(out, m)
	}
	return out
}
