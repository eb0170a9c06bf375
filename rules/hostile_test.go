// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/internal/cputime"
)

// manyRules returns a file of about 250 bytes per rule, with macros and lists.
func manyRules(n int) []byte {
	var b bytes.Buffer
	for i := range 20 {
		fmt.Fprintf(&b, "- list: names_%d\n  items: [alice%d, bob%d, \"carol %d\", dave]\n", i, i, i, i)
		fmt.Fprintf(&b, "- macro: interesting_%d\n  condition: (probe.s in (names_%d) or probe.t startswith /etc/%d)\n", i, i, i)
	}
	for i := range n {
		fmt.Fprintf(&b, `- rule: Rule number %d of many
  desc: Detects the number %d in what the probe tells, as a rule of usual length does
  condition: interesting_%d and probe.n = %d and not probe.t in (names_%d, x%d)
  output: Number %d seen (s=%%probe.s t=%%probe.t n=%%probe.n)
  priority: WARNING
  source: probe
  tags: [many, t%d]
`, i, i, i%20, i, (i+1)%20, i, i, i%7)
	}
	return b.Bytes()
}

// within fails the test if a load costs more than limit, in units of package cputime.
func within(t *testing.T, limit float64, o Options, files ...File) (set *Ruleset, report *Report) {
	t.Helper()
	load := func() { set, report = Load(files, o) }
	if raceEnabled { // ten times as slow, and no test of how long something takes
		load()
	} else {
		cputime.AtMost(t, limit, load)
	}
	if (set == nil) == report.Ok() {
		t.Errorf("ruleset is nil: %v, report is ok: %v", set == nil, report.Ok())
	}
	return set, report
}

// full says that tests of large inputs take them as large as the limits are stated for: set
// GYR_FULL=1. Without it they are a tenth of that, which shows the same as long as the work
// grows with the size and not faster.
var full = os.Getenv("GYR_FULL") != ""

// scaled returns the size that a test takes.
func scaled(t *testing.T, size int) int {
	t.Helper()
	if full {
		return size
	}
	t.Logf("size %d instead of %d: GYR_FULL is not set", size/10, size)
	return size / 10
}

func TestManyRules(t *testing.T) {
	n := scaled(t, 100_000)
	if raceEnabled {
		n = 1_000
	}
	limit := 300.0
	if !full {
		limit /= 4
	}
	set, report := within(t, limit, probeOptions(t), File{"many.yaml", manyRules(n)})
	if !report.Ok() || set.Rules != n {
		t.Fatalf("not loaded: %s", report.Files[0].Summary())
	}
}

// TestMemoryOfRules bounds what stays of rules, in bytes per byte of their file.
func TestMemoryOfRules(t *testing.T) {
	const n, limit = 3000, 11
	content, o := manyRules(n), probeOptions(t)
	live := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	set, report := Load([]File{{"many.yaml", content}}, o)
	if !report.Ok() {
		t.Fatal(report.Files[0].Summary())
	}
	if got := float64(live()-before) / float64(len(content)); got > limit {
		t.Errorf("rules take %.1f times the memory of their file, want at most %d", got, limit)
	}
	runtime.KeepAlive(set)
	runtime.KeepAlive(content)
	runtime.KeepAlive(o)
}

func TestManyFiles(t *testing.T) {
	if raceEnabled {
		t.Skip("this measures time, and nothing here is concurrent")
	}
	base := manyRules(3000)
	files := []File{{"base.yaml", base}}
	for i := range 200 {
		files = append(files, File{fmt.Sprintf("%d.yaml", i), []byte(fmt.Sprintf("- macro: m%d\n  condition: probe.n = %d\n- rule: r%d\n  desc: d\n  condition: m%d\n  output: o\n  priority: INFO\n  source: probe\n", i, i, i, i))})
	}
	set, report := within(t, 40, probeOptions(t), files...)
	if !report.Ok() || set.Rules != 3200 {
		t.Fatalf("not loaded: %v", report.Files[0].Summary())
	}
}

const oneRule = "- rule: r\n  desc: d\n  condition: %s\n  output: o\n  priority: INFO\n  source: probe\n"

func TestHostileFiles(t *testing.T) {
	if raceEnabled {
		t.Skip("these measure time, and nothing here is concurrent")
	}
	n := func(size int) int {
		if full {
			return size
		}
		return size / 10
	}
	if !full {
		t.Log("some inputs are a tenth of their size: GYR_FULL is not set")
	}
	f := func(name, content string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			_, report := within(t, 100, probeOptions(t), File{name, []byte(content)})
			var out bytes.Buffer
			if err := report.WriteText(&out); err != nil {
				t.Error(err)
			}
			_ = report.JSON()
			_ = report.Files[0].Text()
		})
	}
	f("alias bomb", aliasBomb(12))
	f("aliases of a long list", longAliases(n(3000)))
	f("cycle", "- rule: r\n  desc: d\n  condition: probe.n = 1\n  output: o\n  priority: INFO\n  source: probe\n  exceptions:\n  - name: e\n    fields: &x [*x]\n    values: *x\n")
	f("cyclic item", "- &a\n  list: l\n  items: [*a]\n")
	f("macros that double", doubling(60))
	f("macros in a chain", chain(n(20000)))
	f("lists that double", doublingLists(60))
	f("list with itself", "- list: l\n  items: [l, l, l]\n"+fmt.Sprintf(oneRule, "probe.s in (l, l, l)"))
	f("list in a long condition", "- list: l\n  items: ["+strings.Repeat("abc, ", 5000)+"x]\n"+fmt.Sprintf(oneRule, "probe.s in ("+strings.Repeat("l,", 50000)+"l)"))
	f("parentheses", fmt.Sprintf(oneRule, strings.Repeat("(", 1_000_000)+"probe.n = 1"))
	f("nots", fmt.Sprintf(oneRule, strings.Repeat("not ", 200_000)+"probe.n = 1"))
	f("brackets", strings.Repeat("[", 100_000))
	f("braces", "- "+strings.Repeat("{a: ", 20_000))
	f("percent signs", strings.Replace(fmt.Sprintf(oneRule, "probe.n = 1"), "output: o", "output: \""+strings.Repeat("%", 20_000)+"\"", 1))
	f("fields", strings.Replace(fmt.Sprintf(oneRule, "probe.n = 1"), "output: o", "output: \""+strings.Repeat("%probe.s ", 20_000)+"\"", 1))
	f("no field", strings.Replace(fmt.Sprintf(oneRule, "probe.n = 1"), "output: o", "output: \"%"+strings.Repeat("a", 100_000)+"\"", 1))
	f("invalid UTF-8", "- rule: \xff\xfe\n  desc: \x80\n")
	f("UTF-16", "\xff\xfe-\x00 \x00a\x00\n\x00")
	f("NUL", "- rule: \"a\\0b\"\n  desc: \"\\0\"\n  condition: \"probe.s = \\0\"\n  output: \"a\\0%probe.s\"\n  priority: INFO\n  source: probe\n")
	f("long line", fmt.Sprintf(oneRule, "probe.s = "+strings.Repeat("x", n(10_000_000))))
	f("many keys", "- rule: r\n"+manyKeys(50_000))
	f("many errors", strings.Repeat("- rule: r\n  desc: d\n", n(20_000)))
	f("line breaks", "- rule: r\r  desc: d\u0085  condition: x\u2028  output: o\u2029\n- 1\n")
	f("nulls", strings.Repeat("-\n", 200_000))
	f("documents", strings.Repeat("---\n- list: a\n  items: [b]\n", n(20_000)))
	f("names", manyNames(n(3000)))
}

func aliasBomb(n int) string {
	var b strings.Builder
	b.WriteString("- rule: r\n  desc: d\n  condition: probe.n = 1\n  output: o\n  priority: INFO\n  source: probe\n  exceptions:\n  - name: e\n    fields: [probe.s]\n    values:\n    - &a0 [x, x, x, x, x, x, x, x]\n")
	for i := range n {
		fmt.Fprintf(&b, "    - &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i+1, i, i, i, i, i, i, i, i)
	}
	return b.String()
}

func longAliases(n int) string {
	var b strings.Builder
	b.WriteString("- list: l\n  items: &l [" + strings.Repeat("item, ", n) + "x]\n")
	for i := range n {
		fmt.Fprintf(&b, "- list: l%d\n  items: *l\n", i)
	}
	return b.String()
}

func doubling(n int) string {
	var b strings.Builder
	b.WriteString("- macro: m0\n  condition: probe.n = 1\n")
	for i := range n {
		fmt.Fprintf(&b, "- macro: m%d\n  condition: m%d or m%d\n", i+1, i, i)
	}
	return b.String() + fmt.Sprintf(oneRule, fmt.Sprintf("m%d", n))
}

func chain(n int) string {
	var b strings.Builder
	b.WriteString("- macro: m0\n  condition: probe.n = 1\n")
	for i := range n {
		fmt.Fprintf(&b, "- macro: m%d\n  condition: not m%d\n", i+1, i)
	}
	return b.String() + fmt.Sprintf(oneRule, fmt.Sprintf("m%d", n))
}

func doublingLists(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- list: l%d\n  items: [l%d, l%d]\n", i, i+1, i+1)
	}
	return b.String() + fmt.Sprintf(oneRule, "probe.s in (l0)")
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  k%d: 1\n", i)
	}
	return b.String()
}

// manyNames has many lists in one condition, each of which names others.
func manyNames(n int) string {
	var b strings.Builder
	all := make([]string, n)
	for i := range n {
		all[i] = fmt.Sprintf("l%d", i)
		fmt.Fprintf(&b, "- list: l%d\n  items: [a%d, l%d]\n", i, i, i+1)
	}
	return b.String() + fmt.Sprintf(oneRule, "probe.s in ("+strings.Join(all, ", ")+")")
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{3_000, 100_000} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			content := manyRules(n)
			o := probeOptions(b)
			b.SetBytes(int64(len(content)))
			b.ReportAllocs()
			for b.Loop() {
				if _, report := Load([]File{{"many.yaml", content}}, o); !report.Ok() {
					b.Fatal(report.Files[0].Text())
				}
			}
		})
	}
}
