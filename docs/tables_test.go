// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/internal/fieldtable"
	"github.com/gyr-dev/gyr/rules"
)

// TestTables compares the generated tables with the documents.
func TestTables(t *testing.T) {
	fieldtable.TestSections(
		t, language, *update,
		fieldtable.Section{Name: "demo", Body: fieldtable.Table(demoFields)},
		fieldtable.Section{Name: "operators", Body: operatorTable(t)},
		fieldtable.Section{Name: "generic", Body: genericTable()},
		fieldtable.Section{Name: "overrides", Body: overrideTable(t)},
		fieldtable.Section{Name: "codes", Body: codeTable()},
	)
	fieldtable.TestSections(t, "CONFIG.md", *update, fieldtable.Section{Name: "keys", Body: keyTable()})
}

// typeColumns are the columns of the operator table: a type, and one that stands for lists.
var typeColumns = []struct {
	title, good string // the title, and a value of the type
	fields      []abi.FieldInfo
}{
	{"string", "a", []abi.FieldInfo{{Name: "x.s", Type: abi.String}}},
	{"uint64, reltime, abstime", "1", []abi.FieldInfo{
		{Name: "x.n", Type: abi.Uint64}, {Name: "x.r", Type: abi.RelTime}, {Name: "x.a", Type: abi.AbsTime},
	}},
	{"bool", "true", []abi.FieldInfo{{Name: "x.b", Type: abi.Bool}}},
	{"ipaddr", "::1", []abi.FieldInfo{{Name: "x.ip", Type: abi.IPAddr}}},
	{"ipnet", "::1/128", []abi.FieldInfo{{Name: "x.net", Type: abi.IPNet}}},
	{"any list", "", []abi.FieldInfo{
		{Name: "x.ls", Type: abi.String, List: true}, {Name: "x.ln", Type: abi.Uint64, List: true}, {Name: "x.lb", Type: abi.Bool, List: true},
	}},
}

// compiles tries a condition on the fields of typeColumns.
func compiles(t *testing.T, text string) bool {
	t.Helper()
	c := fields.NewCatalogue()
	for _, col := range typeColumns {
		if err := c.Add("x", "x", nil, col.fields); err != nil {
			t.Fatal(err)
		}
	}
	n, err := filter.Parse(text, filter.MaxDepth, compat.V045)
	if err != nil {
		return false
	}
	_, _, err = filter.Compile(n, &filter.Scope{Catalogue: c, Source: "x", Layout: &fields.Layout{}})
	return err == nil
}

// operatorTable says which operators exist for which type, by trying them all.
func operatorTable(t *testing.T) string {
	head := []string{"operator", "right side"}
	for _, col := range typeColumns {
		head = append(head, col.title)
	}
	var b strings.Builder
	b.WriteString(fieldtable.Head(head...))
	ops := filter.Operators(false)
	slices.SortStableFunc(ops, func(x, y string) int { return opRank(x) - opRank(y) })
	for _, op := range ops {
		row := []string{"`" + op + "`", rightSide(op)}
		for _, col := range typeColumns {
			row = append(row, cell(t, op, col.good, col.fields))
		}
		b.WriteString(fieldtable.Row(row...))
	}
	return b.String()
}

// opRank puts operators that are alike next to each other.
func opRank(op string) int {
	order := []string{"exists", "=", "==", "!=", "<", "<=", ">", ">=", "in", "intersects", "pmatch"}
	if i := slices.Index(order, op); i >= 0 {
		return i
	}
	return len(order)
}

// parses reports whether the grammar has it.
func parses(text string) bool {
	_, err := filter.Parse(text, filter.MaxDepth, compat.V045)
	return err == nil
}

// rightSide says what the grammar allows behind an operator.
func rightSide(op string) string {
	if parses("x.s " + op) {
		return "nothing"
	}
	var parts []string
	if parses("x.s " + op + " 1") {
		if parses("x.s " + op + " a") {
			parts = append(parts, "value")
		} else {
			parts = append(parts, "number")
		}
	}
	if parses("x.s " + op + " (a, b)") {
		parts = append(parts, "list")
	}
	if parses("x.s " + op + " anyof (a, b)") {
		parts = append(parts, "modifier and list")
	}
	return strings.Join(parts, ", ")
}

// cell says whether an operator works for a type, and whether val() works on the right.
func cell(t *testing.T, op, good string, list []abi.FieldInfo) string {
	t.Helper()
	mark := ""
	for i, f := range list {
		if f.List {
			good = map[abi.FieldType]string{abi.String: "a", abi.Uint64: "1", abi.Bool: "true"}[f.Type]
		}
		now := "–"
		for _, right := range []string{"", " '" + good + "'", " 1", " ('" + good + "')"} {
			if compiles(t, f.Name+" "+op+right) {
				now = "yes"
			}
		}
		if compiles(t, f.Name+" "+op+" val("+f.Name+")") {
			now = "yes, val"
		}
		if i > 0 && now != mark {
			t.Errorf("%s: %s on %s, but %s on %s: they cannot share a column", op, now, f.Name, mark, list[0].Name)
		}
		mark = now
	}
	return mark
}

func genericTable() string {
	var b strings.Builder
	b.WriteString(fieldtable.Head("Name", "Type", "In `output_fields`", "Description"))
	for _, f := range new(fields.Generic).Fields(nil) {
		in := map[abi.FieldType]string{abi.String: "text", abi.Bool: "`true`, `false`"}[f.Type]
		if in == "" {
			in = "number"
		}
		if f.TimeText {
			in = "nanoseconds since the Unix epoch"
		}
		desc := f.Desc
		if f.Padded {
			desc += " Text has at least nine digits."
		}
		b.WriteString(fieldtable.Row("`"+f.Name+"`", f.Type.String(), in, desc))
	}
	return b.String()
}

// overrideTable says which keys of an item can be overridden, by trying them all.
func overrideTable(t *testing.T) string {
	items := []struct{ kind, first, key, value string }{
		{"list", "- list: x\n  items: [a]\n", "items", "[b]"},
		{"macro", "- macro: x\n  condition: evt.num = 1\n", "condition", "or evt.num = 2"},
	}
	rule := "- rule: x\n  source: demo\n  desc: d\n  condition: evt.num = 1\n  output: o\n  priority: INFO\n"
	for _, kv := range [][2]string{
		{"condition", "or evt.num = 2"}, {"output", "p"}, {"desc", "e"}, {"priority", "DEBUG"}, {"source", "demo"}, {"tags", "[t]"},
		{"exceptions", "[{name: n, fields: [user.name], values: [[a]]}]"}, {"enabled", "false"}, {"capture", "true"}, {"capture_duration", "100"},
		{"warn_evttypes", "false"}, {"skip-if-unknown-filter", "true"},
	} {
		items = append(items, struct{ kind, first, key, value string }{"rule", rule, kv[0], kv[1]})
	}
	var b strings.Builder
	b.WriteString(fieldtable.Head("item", "key", "`append`", "`replace`"))
	for _, it := range items {
		row := []string{it.kind, "`" + it.key + "`"}
		for _, op := range []string{"append", "replace"} {
			value := it.value
			if op == "replace" {
				value = strings.TrimPrefix(value, "or ")
			}
			text := it.first + "- " + it.kind + ": x\n  " + it.key + ": " + value + "\n  override: {" + it.key + ": " + op + "}\n"
			_, report := rules.Load([]rules.File{{Name: "x", Content: []byte(text)}}, rules.Options{Catalogue: demoCatalogue(t, nil)})
			mark := "yes"
			if !report.Ok() {
				mark = "–"
				if msg := report.Files[0].Errors[0].Message; !strings.Contains(msg, "cannot be") && !strings.Contains(msg, "Invalid override operation") {
					t.Errorf("%s of %s: %s", op, it.key, msg)
				}
			}
			row = append(row, mark)
		}
		b.WriteString(fieldtable.Row(row...))
	}
	return b.String()
}

func codeTable() string {
	var b strings.Builder
	b.WriteString(fieldtable.Head("code", "kind", "meaning"))
	for _, c := range rules.Codes() {
		kind := "warning"
		if c.IsError() {
			kind = "error"
		}
		name := "[`" + string(c) + "`](#" + strings.ToLower(string(c)) + ")"
		switch {
		case slices.Contains(unreachable, c):
			kind += ", not in gyr"
		case c.IsNote():
			kind += ", not in Falco"
		}
		b.WriteString(fieldtable.Row(name, kind, strings.ReplaceAll(c.Text(), "<NA>", "`<NA>`")))
	}
	return b.String()
}

func keyTable() string {
	var b strings.Builder
	b.WriteString(fieldtable.Head("key", "type", "default", "meaning"))
	for _, k := range config.Keys() {
		typ := k.Type
		if values, ok := strings.CutPrefix(typ, "enum("); ok {
			typ = "one of " + strings.Join(strings.Split(strings.TrimSuffix(values, ")"), ","), ", ")
		}
		if k.Required {
			typ += ", required"
		}
		def := ""
		if k.Default != "" {
			def = "`" + k.Default + "`"
		}
		b.WriteString(fieldtable.Row("`"+k.Path+"`", strings.ReplaceAll(typ, "|", " or "), def, k.Meaning))
	}
	return b.String()
}
