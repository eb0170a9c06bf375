// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"slices"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// testPlan and testJoiner are what package sdk has: Join gets them as its parameter.
type testPlan interface {
	Extract(e *event.Event, out []event.Value, mem *event.Arena) error
}

type testJoiner interface{ Join(other testPlan) testPlan }

// member is a part that takes the text of one member.
type member struct {
	key  string
	slot int
}

func (m *member) Extract(e *event.Event, out []event.Value, mem *event.Arena) error { return nil }

func (m *member) Share(b *Builder) Shared { return &member{m.key, b.Add(Keys(m.key))} }

func (m *member) Requests() int { return 1 }

func (m *member) Take(_ *event.Event, r *Result, err error, out []event.Value, mem *event.Arena) error {
	out[0] = event.StringValue(r.Text(r.At(m.slot), mem))
	return err
}

// noPart is a plan that cannot share a scan.
type noPart struct{ testPlan }

// A joined plan is a Joiner of the plans it was made of, so that any number can join.
func TestJoin(t *testing.T) {
	plan := Join(Part(&member{key: "a"}), testPlan(&member{key: "b"}))
	for _, key := range []string{"c", "d"} {
		j, ok := plan.(testJoiner)
		if !ok {
			t.Fatalf("before %s: %T cannot be joined again", key, plan)
		}
		plan = j.Join(&member{key: key})
	}
	out := make([]event.Value, 4)
	err := plan.Extract(&event.Event{Data: []byte(`{"d":"4","b":"2","a":"1","c":"3"}`)}, out, event.NewArena(nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range out {
		got = append(got, v.Str)
	}
	if want := []string{"1", "2", "3", "4"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if p := Join(Part(&member{key: "a"}), testPlan(noPart{})); p != nil {
		t.Errorf("joined with what is no part: got %v, want nil", p)
	}
}
