// SPDX-License-Identifier: Apache-2.0

package engine

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

// table is an extractor over made-up events: the payload is the event's position in rows.
type table struct {
	infos []abi.FieldInfo
	rows  [][]event.Value // by event and field
	calls []int           // rows asked for by call of Extract
	err   error
}

func (x *table) Plan(wants []fields.Want) (fields.Plan, error) { return &tablePlan{x, wants}, nil }

type tablePlan struct {
	*table
	wants []fields.Want
}

func (p *tablePlan) Extract(b *event.Batch, rows []int32, t *fields.Table) error {
	p.calls = append(p.calls, len(rows))
	for _, r := range rows {
		d := b.Events[r].Data
		row := p.rows[int(d[0])|int(d[1])<<8]
		for _, w := range p.wants {
			t.Row(int(r))[w.Cell] = row[w.Ref.Field.ID]
		}
	}
	return p.err
}

var tableInfos = []abi.FieldInfo{
	{Name: "t.a", Type: abi.String}, {Name: "t.b", Type: abi.String}, {Name: "t.n", Type: abi.Uint64},
	{Name: "t.ip", Type: abi.IPAddr}, {Name: "t.net", Type: abi.IPNet}, {Name: "t.list", Type: abi.String, List: true},
	{Name: "t.flag", Type: abi.Bool},
}

var texts = []string{"", "alice", "Alice", "bob", "root", "GetObject", "PutObject", "/etc/passwd", "/etc/shadow", "a.b.c", "us-east-1"}

func randomValue(r *rand.Rand, f *abi.FieldInfo) event.Value {
	if r.IntN(4) == 0 {
		return event.Value{}
	}
	if f.List {
		var l []event.Value
		for range r.IntN(4) {
			l = append(l, event.StringValue(texts[r.IntN(len(texts))]))
		}
		return event.ListValue(l)
	}
	switch f.Type {
	case abi.String:
		return event.StringValue(texts[r.IntN(len(texts))])
	case abi.IPAddr, abi.IPNet:
		return event.StringValue(string([]byte{10, 0, byte(r.IntN(2)), byte(r.IntN(4))}))
	case abi.Bool:
		return event.BoolValue(r.IntN(2) == 0)
	default:
		return event.NumValue(uint64(r.IntN(12)))
	}
}

func newTable(r *rand.Rand, events int) *table {
	x := &table{infos: tableInfos}
	for range events {
		var row []event.Value
		for i := range x.infos {
			row = append(row, randomValue(r, &x.infos[i]))
		}
		x.rows = append(x.rows, row)
	}
	return x
}

func (x *table) batch() *event.Batch {
	b := event.NewBatch(len(x.rows), event.NewArena(nil, nil))
	b.Source = "t"
	for i := range x.rows {
		b.Add(1, uint64(i), []byte{byte(i), byte(i >> 8)})
	}
	return b
}

// randomCondition writes a condition over the fields of tableInfos.
func randomCondition(r *rand.Rand, depth int) string {
	if depth > 0 && r.IntN(3) > 0 {
		sub := func() string { return randomCondition(r, depth-1) }
		switch r.IntN(5) {
		case 0:
			return "not (" + sub() + ")"
		case 1, 2:
			return "(" + sub() + " or " + sub() + ")"
		default:
			return "(" + sub() + " and " + sub() + ")"
		}
	}
	word := func() string { return `"` + texts[1+r.IntN(len(texts)-1)] + `"` }
	field := []string{"t.a", "t.b"}[r.IntN(2)]
	switch r.IntN(9) {
	case 0, 1:
		return field + " = " + word()
	case 2:
		op := []string{"startswith", "endswith", "contains", "icontains", "!=", "glob"}[r.IntN(6)]
		return field + " " + op + " " + strings.Trim(word(), `"`)[:3]
	case 3:
		return fmt.Sprintf("%s in (%s, %s)", field, word(), word())
	case 4:
		return fmt.Sprintf("t.n %s %d", []string{"=", "!=", "<", "<=", ">", ">="}[r.IntN(6)], r.IntN(12))
	case 5:
		return fmt.Sprintf("t.net = 10.0.%d.0/24", r.IntN(2))
	case 6:
		return fmt.Sprintf("t.list %s (%s, %s)", []string{"in", "intersects"}[r.IntN(2)], word(), word())
	case 7:
		return []string{"t.a", "t.n", "t.list", "t.flag"}[r.IntN(4)] + " exists"
	default:
		return fmt.Sprintf("t.ip = 10.0.%d.%d", r.IntN(2), r.IntN(4))
	}
}

// compileRules makes rules of the conditions, over the fields of x.
func compileRules(t testing.TB, x *table, conditions []string) *rules.SourceRules {
	t.Helper()
	cat := fields.NewCatalogue()
	if err := cat.Add("t", "t", x, x.infos); err != nil {
		t.Fatal(err)
	}
	src := &rules.SourceRules{Source: "t", Layout: &fields.Layout{}}
	scope := &filter.Scope{Catalogue: cat, Source: "t", Layout: src.Layout}
	for i, c := range conditions {
		n, err := filter.Parse(c, filter.MaxDepth, compat.V045)
		if err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		cond, _, err := filter.Compile(n, scope)
		if err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		src.Rules = append(src.Rules, &rules.Rule{ID: i, Name: c, Cond: cond})
	}
	return src
}

// matches notes the pairs of event and rule that are reported.
type matches struct{ got [][2]int }

func (m *matches) Match(_ *event.Batch, row int, r *rules.Rule, _ *filter.Env) {
	m.got = append(m.got, [2]int{row, r.ID})
}

// naive evaluates every rule on every event, in order.
func naive(x *table, src *rules.SourceRules, all bool) (out [][2]int) {
	var arena = event.NewArena(nil, nil)
	for i, values := range x.rows {
		env := filter.Env{Arena: arena}
		for _, ref := range src.Layout.Refs() {
			env.Row = append(env.Row, values[ref.Field.ID])
		}
		for _, r := range src.Rules {
			if r.Cond.Eval(&env) {
				out = append(out, [2]int{i, r.ID})
				if !all {
					break
				}
			}
		}
	}
	return out
}

// TestAgainstNaive compares the engine with evaluating everything, on random rules.
func TestAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	total := 0
	for round := range 60 {
		x := newTable(r, 200)
		var conditions []string
		for range 1 + r.IntN(150) {
			conditions = append(conditions, randomCondition(r, r.IntN(5)))
		}
		src := compileRules(t, x, conditions)
		for _, all := range []bool{true, false} {
			p, err := New(src, Options{MatchAll: all})
			if err != nil {
				t.Fatal(err)
			}
			var m matches
			if err := p.NewWorker().Run(x.batch(), &m); err != nil {
				t.Fatal(err)
			}
			want := naive(x, src, all)
			if !slices.Equal(m.got, want) {
				t.Fatalf("round %d, all=%v: %d matches, want %d; first difference: %s", round, all, len(m.got), len(want), firstDifference(m.got, want, conditions))
			}
			total += len(x.rows) * len(conditions)
		}
	}
	t.Logf("%d pairs of condition and event", total)
}

func firstDifference(got, want [][2]int, conditions []string) string {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return fmt.Sprintf("missing %v: %s", want[i], conditions[want[i][1]])
		case i >= len(want) || got[i] != want[i]:
			return fmt.Sprintf("unexpected %v: %s", got[i], conditions[got[i][1]])
		}
	}
	return "none"
}

func TestEqualConditionsAreOneNode(t *testing.T) {
	x := newTable(rand.New(rand.NewPCG(1, 1)), 1)
	p, err := New(compileRules(t, x, []string{
		`t.a = "x" and (t.b = "y" or t.n > 3)`,
		`(t.n > 3 or t.b = "y") and t.a = "x"`,
		`not t.a = "x"`,
	}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.rules[0].root != p.rules[1].root {
		t.Error("two orders of one condition are two nodes")
	}
	if n := len(p.dag.nodes); n != 6 {
		t.Errorf("%d nodes, want 6: three predicates, or, and, not", n)
	}
}

func TestSecondRoundOnlyForCandidates(t *testing.T) {
	x := &table{infos: tableInfos}
	for i := range 10 {
		row := make([]event.Value, len(tableInfos))
		row[0], row[1] = event.StringValue(fmt.Sprint(i)), event.StringValue("b")
		x.rows = append(x.rows, row)
	}
	conditions := []string{`t.a = "3" and t.b contains ""`}
	for i := range 10 { // so that a value of t.a counts as rare
		conditions = append(conditions, fmt.Sprintf(`t.a = "other %d"`, i))
	}
	src := compileRules(t, x, conditions)
	p, err := New(src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var m matches
	if err := p.NewWorker().Run(x.batch(), &m); err != nil {
		t.Fatal(err)
	}
	if want := [][2]int{{3, 0}}; !slices.Equal(m.got, want) {
		t.Errorf("matches %v, want %v", m.got, want)
	}
	if want := []int{10, 1}; !slices.Equal(x.calls, want) {
		t.Errorf("rows extracted per round %v, want %v", x.calls, want)
	}
}

func TestExtractorFailureEndsTheRun(t *testing.T) {
	x := newTable(rand.New(rand.NewPCG(1, 1)), 3)
	x.err = errors.New("gone")
	p, err := New(compileRules(t, x, []string{"t.n >= 0"}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var m matches
	if err := p.NewWorker().Run(x.batch(), &m); !errors.Is(err, x.err) || len(m.got) != 0 {
		t.Errorf("error %v and %d matches, want the extractor's and none", err, len(m.got))
	}
}

// TestNoAllocations is the promise of the package comment.
func TestNoAllocations(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	x := newTable(r, 256)
	var conditions []string
	for range 100 {
		conditions = append(conditions, randomCondition(r, 3))
	}
	p, err := New(compileRules(t, x, conditions), Options{MatchAll: true})
	if err != nil {
		t.Fatal(err)
	}
	w, b, m := p.NewWorker(), x.batch(), &matches{}
	run := func() {
		m.got, x.calls = m.got[:0], x.calls[:0]
		if err := w.Run(b, m); err != nil {
			t.Fatal(err)
		}
	}
	run()
	if n := testing.AllocsPerRun(20, run); n != 0 {
		t.Errorf("%v allocations per batch of 256 events, want none", n)
	}
}

// A worker numbers its evaluations with few bits. When the numbers begin again, nothing that
// was remembered under the first ones may count.
func TestVerdictsAreForgottenWhenTheNumbersBeginAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	x := newTable(r, 1)
	var conditions []string
	for range 40 {
		conditions = append(conditions, randomCondition(r, 4))
	}
	src := compileRules(t, x, conditions)
	p, err := New(src, Options{MatchAll: true})
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		w := p.NewWorker()
		for _, epoch := range []uint32{0, 1<<31 - 2, 1<<31 - 1} { // the first events, then the last ones
			x.rows = newTable(r, 3).rows
			var m matches
			w.epoch = epoch
			if err := w.Run(x.batch(), &m); err != nil {
				t.Fatal(err)
			}
			if want := naive(x, src, true); !slices.Equal(m.got, want) {
				t.Fatalf("from evaluation %d on: %s", epoch, firstDifference(m.got, want, conditions))
			}
		}
	}
}
