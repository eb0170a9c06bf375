// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/event"
)

// byLine identifies lines by their first bytes; empty ones by nothing.
func byLine(line []byte) (id ID, ok bool) {
	copy(id[:], line)
	return id, len(line) > 0
}

// A record is left out when one like it was acknowledged, not when it was only read, or lost.
func TestDedup(t *testing.T) {
	in := &told{}
	for range 4 {
		in.add("f", "a\nb\n\nc\n")
	}
	o := options()
	o.Workers = 1
	o.Dedup = &Dedup{Window: time.Hour, Max: 10, Identify: byLine}
	s := Open(in, o).(*ackedSource)
	defer s.Close()
	b := event.NewBatch(1, event.NewArena(nil, nil))
	var got []string
	for i, end := 0, false; !end; {
		if end = next(t, s, b); len(b.Events) > 0 {
			var err error
			if i < 4 && string(b.Events[0].Data) == "b" {
				err = errors.New("not delivered")
			}
			got = append(got, string(b.Events[0].Data))
			s.Ack(b.Token, err)
			i++
		}
		b.Release()
	}
	if want := []string{"a", "b", "", "c", "b", "", "", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if o.Dedup.Suppressed.Load() != 8 || o.Counts.Events.Load() != 8 {
		t.Errorf("got %d suppressed, %d events", o.Dedup.Suppressed.Load(), o.Counts.Events.Load())
	}
	for _, f := range in.files {
		if lost := f.lost != nil; f.settled != 1 || lost != (f == in.files[0]) {
			t.Errorf("a file was settled %d times, with %v", f.settled, f.lost)
		}
	}
}

// Two copies that are under way at the same time are both events.
func TestDedupOfWhatIsUnderWay(t *testing.T) {
	in := &told{}
	in.add("f", "a\na\n")
	o := options()
	o.Dedup = &Dedup{Window: time.Hour, Max: 10, Identify: byLine}
	s := Open(in, o)
	defer s.Close()
	b := event.NewBatch(10, event.NewArena(nil, nil))
	for end := false; !end; {
		end = next(t, s, b)
	}
	if len(b.Events) != 2 {
		t.Errorf("got %d events, want 2", len(b.Events))
	}
	b.Release()
}

// The window and the number of known records are kept.
func TestDedupForgets(t *testing.T) {
	d := &Dedup{Window: time.Minute, Max: 3}
	now := time.Unix(1e9, 0)
	id := func(c byte) ID { return ID(bytes.Repeat([]byte{c}, 16)) }
	known := func(want string) {
		t.Helper()
		got := ""
		for c := byte('a'); c <= 'h'; c++ {
			if d.isKnown(id(c), now) {
				got += string(c)
			}
		}
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	known("")
	d.add([]ID{id('a'), id('b')}, now)
	known("ab")
	now = now.Add(time.Minute)
	d.add([]ID{id('b'), id('c')}, now)
	known("abc")
	now = now.Add(time.Second)
	known("bc")
	d.add([]ID{id('d'), id('e'), id('f')}, now) // a is too old, b and c are too many
	known("def")
	if d.Evicted.Load() != 2 {
		t.Errorf("got %d evicted, want 2", d.Evicted.Load())
	}
	for range 1000 {
		now = now.Add(time.Second)
		d.add([]ID{id('g'), id('h')}, now)
	}
	known("gh")
	if len(d.order) > 500 || len(d.known) > 3 {
		t.Errorf("%d are kept in order, %d known", len(d.order), len(d.known))
	}
}
