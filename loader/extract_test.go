// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/internal/cbuild"
)

// strictBatch reads events of the strict plugin, which counts every breach of what real
// plugins rely on.
func strictBatch(t *testing.T, size int) (*plugin, *event.Batch) {
	t.Helper()
	p := start(t, load(t, "strict.c"), "")
	b := newBatch(t, p, size)
	if err := openStream(t, p, "").Next(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	return p, b
}

// wantNoBreach asks the strict plugin what it has seen.
func wantNoBreach(t *testing.T, p *plugin, b *event.Batch) {
	t.Helper()
	row := extract(t, p, b, "strict.breaches", "strict.notes").Row(len(b.Events) - 1)
	if row[0].Num != 0 || row[1].Str != "" {
		t.Errorf("the plugin notes %d breaches: %s", row[0].Num, row[1].Str)
	}
}

func TestOneFieldWithManyArguments(t *testing.T) {
	p, b := strictBatch(t, 26)
	got := extract(t, p, b, "strict.key[1]", "strict.text", "strict.key[2]", "strict.key[3]", "strict.text", "strict.key[1]").Row(1)
	var texts []string
	for _, v := range got {
		texts = append(texts, v.Str)
	}
	want := []string{"b 1/1", "b 1", "b 1/2", "b 1/3", "b 1", "b 1/1"}
	if d := cmp.Diff(want, texts); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	wantNoBreach(t, p, b)
}

func TestAnswersAreCopiedBeforeTheNextCall(t *testing.T) {
	p, b := strictBatch(t, 26)
	got := extract(t, p, b, "strict.text", "strict.list", "strict.key[k]")
	for i := range b.Events {
		text := fmt.Sprintf("%c %d", 'a'+i, i)
		want := []event.Value{event.StringValue(text), strs(text, text), event.StringValue(text + "/k")}
		if d := cmp.Diff(want, got.Row(i)); d != "" {
			t.Errorf("event %d -want +got:\n%s", i, d)
		}
	}
	wantNoBreach(t, p, b)
}

// The plugin stops at the field that fails and leaves half an answer in it.
func TestAfterAFailureEachFieldIsAskedAlone(t *testing.T) {
	p, b := strictBatch(t, 26)
	for _, order := range [][]string{
		{"strict.text", "strict.fail", "strict.maybe[c]", "strict.list"},
		{"strict.fail", "strict.text", "strict.list", "strict.maybe[c]"},
		{"strict.list", "strict.maybe[c]", "strict.text", "strict.fail"},
		{"strict.fail"},
		{"strict.maybe[c]", "strict.maybe", "strict.fail", "strict.text", "strict.list"},
	} {
		got := extract(t, p, b, order...)
		for i := range b.Events {
			for cell, name := range order {
				want := !(name == "strict.fail" || name == "strict.maybe[c]" && i == 2)
				if v := got.Row(i)[cell]; v.Present != want {
					t.Errorf("%v: event %d, %s: present is %v, want %v", order, i, name, v.Present, want)
				}
			}
		}
	}
	wantNoBreach(t, p, b)
}

func TestEveryVisitHasItsOwnNumber(t *testing.T) {
	p, b := strictBatch(t, 26)
	for round := range 4 {
		got := extract(t, p, b, "strict.text", "strict.key[x]", "info", "strict.key[y]")
		for i := range b.Events {
			text := fmt.Sprintf("%c %d", 'a'+i, i)
			want := []event.Value{event.StringValue(text), event.StringValue(text + "/x"), event.StringValue("text of " + text), event.StringValue(text + "/y")}
			if d := cmp.Diff(want, got.Row(i)); d != "" {
				t.Errorf("round %d, event %d -want +got:\n%s", round, i, d)
			}
		}
	}
	wantNoBreach(t, p, b)
}

func TestPlansTakeTurns(t *testing.T) {
	p, _ := strictBatch(t, 26)
	s := openStream(t, p, "")
	var wg sync.WaitGroup
	for range 4 {
		b := newBatch(t, p, 26)
		if err := s.Next(context.Background(), b); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for range 20 {
				got := extract(t, p, b, "strict.text", "strict.key[x]", "info")
				for i := range b.Events {
					if want := fmt.Sprintf("%c %d/x", 'a'+i, i); got.Row(i)[1].Str != want {
						t.Errorf("got %q, want %q", got.Row(i)[1].Str, want)
					}
				}
			}
		})
	}
	wg.Wait()
	b := newBatch(t, p, 26)
	if err := s.Next(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	wantNoBreach(t, p, b)
}

func TestOnlySomeRows(t *testing.T) {
	p, b := strictBatch(t, 26)
	pl, err := p.Plan(want(t, p.mod, "strict.text"))
	if err != nil {
		t.Fatal(err)
	}
	var tab fields.Table
	tab.Resize(26, 1)
	for i := range tab.Cells {
		tab.Cells[i] = event.NumValue(99)
	}
	if err := pl.Extract(b, []int32{25, 3}, &tab); err != nil {
		t.Fatal(err)
	}
	for i := range tab.Cells {
		want := event.NumValue(99)
		if i == 25 || i == 3 {
			want = event.StringValue(fmt.Sprintf("%c %d", 'a'+i, i))
		}
		if d := cmp.Diff(want, tab.Cells[i]); d != "" {
			t.Errorf("row %d -want +got:\n%s", i, d)
		}
	}
}

// Events of linked-in sources have no blob, and live in Go memory.
func TestEventsFromGoMemory(t *testing.T) {
	p, _ := strictBatch(t, 26)
	b := event.NewBatch(26, event.NewArena(nil, nil))
	b.Source = "strict"
	for i := range 26 {
		b.Add(903, uint64(i), []byte(strings.Repeat("z", i)))
	}
	got := extract(t, p, b, "strict.text", "info")
	for i := range b.Events {
		z := strings.Repeat("z", i)
		want := []event.Value{event.StringValue(z), event.StringValue("text of " + z)}
		if d := cmp.Diff(want, got.Row(i)); d != "" {
			t.Errorf("event %d -want +got:\n%s", i, d)
		}
		if string(b.Events[i].Data) != z {
			t.Errorf("event %d has the payload %q, want %q", i, b.Events[i].Data, z)
		}
	}
	wantNoBreach(t, p, b)
}

// A plugin of another source is not asked, nor for events of a type that it did not list.
func TestOtherEventsHaveNoValues(t *testing.T) {
	p, b := strictBatch(t, 26)
	b.Source = "other"
	for i, v := range extract(t, p, b, "strict.text", "strict.text").Cells {
		if v.Present {
			t.Errorf("cell %d is present for another source", i)
		}
	}
	b.Source = "strict"
	b.Release()
	b.Events = append(b.Events, event.Event{PluginID: 903, Type: abi.AsyncEvent, Name: "hi", Data: []byte("x")})
	b.Add(904, 1, []byte("of another plugin"))
	got := extract(t, p, b, "strict.text", "info")
	want := []event.Value{{}, {}, event.StringValue("of another plugin"), {}}
	if d := cmp.Diff(want, got.Cells); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestUnusableValuesAreAbsent(t *testing.T) {
	var log bytes.Buffer
	m, err := Open(cbuild.Library(t, "hostile.c"), slog.New(slog.NewTextHandler(&log, nil)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, m, "")
	b := newBatch(t, p, 2)
	if err := openStream(t, p, "").Next(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	ok, none := event.StringValue("ok"), event.Value{}
	var edges []string
	for i := range 70 {
		edges = append(edges, strings.Repeat("e", i))
	}
	cases := []struct {
		field string
		want  event.Value
	}{
		{"ok", ok}, {"null_res", none}, {"null_num", none}, {"null_str", none}, {"null_elem", strs("a", "b")}, {"null_all", none},
		{"huge", none}, {"negative", none}, {"ip5", none}, {"ipnull", none}, {"ips", strs("abcd", "0123456789abcdef")},
		{"bool7", event.BoolValue(true)}, {"two", ok}, {"long", event.StringValue(strings.Repeat("l", 300<<10-1))}, {"edge", strs(edges...)},
	}
	names := []string{"info"}
	for _, c := range cases {
		names = append(names, "hostile."+c.field)
	}
	for range 2 {
		row := extract(t, p, b, names...).Row(0)
		if want := event.StringValue("datalen=1 data=x"); !cmp.Equal(want, row[0]) {
			t.Errorf("evt.plugininfo is %+v, want %+v", row[0], want)
		}
		for i, c := range cases {
			if !cmp.Equal(c.want, row[i+1]) {
				t.Errorf("%s is %.100v, want %.100v", c.field, row[i+1], c.want)
			}
		}
	}
	for field, why := range map[string]string{
		"null_res": "there are values, but the pointer to them is NULL", "null_num": "there are values, but the pointer to them is NULL",
		"null_str": "a text is NULL", "null_elem": "a text is NULL", "null_all": "a text is NULL",
		"huge": "there are more than 1048576 values", "negative": "there are more than 1048576 values",
		"ip5": "an address has neither 4 nor 16 bytes", "ipnull": "an address is NULL", "ips": "an address has neither 4 nor 16 bytes",
	} {
		if want := "plugin hostile: field hostile." + field + " has a wrong value: " + why; !strings.Contains(log.String(), want) {
			t.Errorf("no %q in the log:\n%s", want, log.String())
		}
	}
	if want := "plugin hostile: event_to_string failed: the plugin gives no reason"; !strings.Contains(log.String(), want) {
		t.Errorf("no %q in the log:\n%s", want, log.String())
	}
	if strings.Contains(log.String(), "hostile.ok") || strings.Contains(log.String(), "hostile.two") {
		t.Errorf("the log blames fields that are right:\n%s", log.String())
	}
}

func TestPlanOfAnUnknownField(t *testing.T) {
	p, _ := strictBatch(t, 1)
	_, err := p.Plan([]fields.Want{{Ref: fields.Ref{Field: &fields.Field{ID: 99}}}})
	if err == nil || !strings.Contains(err.Error(), "plugin strict: plan:") {
		t.Errorf("error = %v", err)
	}
}
