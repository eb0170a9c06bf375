// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// messages returns a logger, and what it was told, line by line.
func messages() (*slog.Logger, func() string) {
	var log strings.Builder
	h := slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.MessageKey {
			return a
		}
		return slog.Attr{}
	}})
	return slog.New(h), func() string {
		text := log.String()
		log.Reset()
		return strings.NewReplacer("msg=", "", `"`, "").Replace(text)
	}
}

// The first failure is reported with its reason, then each doubling, and the rest at the end.
func TestFailuresAreReportedAtDoublingCounts(t *testing.T) {
	log, said := messages()
	f := NewFailures("p", log)
	expect := func(want string) {
		t.Helper()
		if d := cmp.Diff(want, said()); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
	for i := range 9 {
		f.Add(FailExtract, 1, fmt.Sprint("reason ", i+1), "p.a")
	}
	expect("plugin p: field p.a cannot be extracted: reason 1\n" +
		"plugin p: field p.a cannot be extracted: reason 2 (2 times so far)\n" +
		"plugin p: field p.a cannot be extracted: reason 4 (4 times so far)\n" +
		"plugin p: field p.a cannot be extracted: reason 8 (8 times so far)\n")
	f.Add(FailExtract, 1000, "other", "p.b")
	expect("plugin p: field p.b cannot be extracted: other (1000 times so far)\n")
	f.Add(FailExtract, 999, "other", "p.b")
	expect("")
	f.Add(FailParse, 1, "bad \xff")
	f.Add(FailText, 1, "worse")
	f.Add(FailValue, 1, "it is a list", "p.a")
	expect("plugin p: an event cannot be parsed: bad ?\n" +
		"plugin p: event_to_string failed: worse\n" +
		"plugin p: field p.a has a wrong value: it is a list\n")
	f.Finish()
	expect("plugin p: field p.a cannot be extracted: 9 times in total\n" +
		"plugin p: field p.b cannot be extracted: 1999 times in total\n")
	f.Finish()
	expect("")
	f.Add(FailExtract, 1, "no JSON", "p.c", "p.d")
	expect("plugin p: each of the fields p.c, p.d cannot be extracted: no JSON\n")
	f.Add(FailExtract, 2, "no JSON", "p.0", "p.1", "p.2", "p.3", "p.4", "p.5", "p.6", "p.7", "p.8", "p.9")
	expect("plugin p: each of the fields p.0, p.1, p.2, p.3, p.4, p.5, p.6, p.7 and 2 others cannot be extracted: no JSON (2 times so far)\n")
	want := Failure{Kind: FailExtract, Field: "p.a", Count: 9, First: "reason 1", Last: "reason 9"}
	if d := cmp.Diff(want, f.All()[0]); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestFailuresFromManyGoroutines(t *testing.T) {
	log, said := messages()
	f := NewFailures("p", log)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				f.Add(FailExtract, 1, "no", "p.a")
			}
		})
	}
	wg.Wait()
	if n := f.All()[0].Count; n != 8000 {
		t.Errorf("%d failures, want 8000", n)
	}
	if n := strings.Count(said(), "\n"); n != 13 {
		t.Errorf("%d lines, want one for each of 1, 2, 4 ... 4096", n)
	}
}

// What a linked-in plugin fails at is counted by field, whoever made the plan.
func TestLinkedFailures(t *testing.T) {
	f := func(p sdk.Plugin, want ...Failure) {
		t.Helper()
		log, _ := messages()
		s := newLinked(t, p, Logs{Report: log})
		extract(t, s, wants(t, s, []int{0, 1, 2, 3}, "fake.a", "fake.b", "fake.ip", "fake.list"), 4, "x", "y")
		if d := cmp.Diff(want, s.(Failing).Failures().All(), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
	value := func(v event.Value, err error) *fake {
		p := newFake()
		p.value = func(_ *event.Event, r *sdk.Request, _ *event.Arena) (event.Value, error) {
			if r.Info.Name != "fake.a" {
				return event.Value{}, nil
			}
			return v, err
		}
		return p
	}
	failure := func(k FailureKind, field, why string) Failure { return Failure{k, field, 2, why, why} }
	f(value(sdk.String("a"), nil))
	f(value(event.Value{}, errors.New("no")), failure(FailExtract, "fake.a", "no"))
	f(value(event.NumValue(1), nil), failure(FailValue, "fake.a", "it is a number, but the field is a string"))
	f(value(event.ListValue([]event.Value{sdk.String("a")}), nil), failure(FailValue, "fake.a", "it is a list, but the field is a single string"))
	p := newFake()
	p.value = func(_ *event.Event, r *sdk.Request, _ *event.Arena) (event.Value, error) {
		return sdk.String("abc"), nil
	}
	f(p, failure(FailValue, "fake.ip", "an address has 3 bytes, not 4 or 16; it is treated as absent"),
		failure(FailValue, "fake.list", "it is not a list, but the field is; it is treated as absent"),
		failure(FailValue, "fake.b", "it is a string, but the field is a uint64"))

	// a plan of its own, which says which requests have failed, or does not
	f(&planning{newFake(), sdk.RequestErrors{{Request: 1, Err: errors.New("no")}, {Request: 7, Err: errors.New("there is no such request")}}},
		failure(FailExtract, "fake.b", "no"))
	f(&planning{newFake(), errors.New("no")},
		failure(FailExtract, "fake.b", "no"), failure(FailExtract, "fake.ip", "no"), failure(FailExtract, "fake.list", "no"))
}

// planning is a plugin with plans that set the first value and return an error.
type planning struct {
	*fake
	err error
}

func (p *planning) Plan([]sdk.Request) (sdk.Plan, error) { return p.plan(), nil }

func (p *planning) plan() sdk.Plan { return planOf{p.err} }

type planOf struct{ err error }

func (p planOf) Extract(_ *event.Event, out []event.Value, _ *event.Arena) error {
	out[0] = event.StringValue("set")
	return p.err
}

func TestPoolTellsFailures(t *testing.T) {
	s := newLinked(t, newFake())
	if p := NewPool(s, nil); p.Failures() != s.(Failing).Failures() {
		t.Error("the failures are not those of the module")
	}
	if p := NewPool(nil, nil); len(p.Failures().All()) != 0 {
		t.Error("failures of nothing")
	}
}
