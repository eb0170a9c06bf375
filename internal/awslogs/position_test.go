// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

const region = "AWSLogs/111111111111/CloudTrail/eu-west-1/"

func newPositions(t *testing.T, saved []byte) *positions {
	t.Helper()
	p, err := openPositions("", "s3://logs/", 24*time.Hour, &Counts{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if saved != nil {
		if err := p.restore(saved); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// world is a bucket into which objects come, and a reader of it that crashes, fails and is
// not always listened to.
type world struct {
	t       *testing.T
	r       *rand.Rand
	now     time.Time
	keys    []string       // in the bucket
	sure    []string       // of these, those that came no later than a day
	settled map[string]int // how often each was dealt with
	saved   []byte
	kept    map[string]bool // what was dealt with when the state was saved
	live    map[string]bool // what is dealt with, as far as the reader can know
	p       *positions
	reading []string
	widely  time.Time
}

// arrive has an object come whose name is up to late older than now.
func (w *world) arrive(late time.Duration) {
	at := w.now.Add(-time.Duration(w.r.Int64N(int64(late) + 1)))
	key := trail("AWSLogs/", one, "eu-west-1", at.Format(minuteForm), fmt.Sprintf("%08x", w.r.Uint32()))
	w.keys = append(w.keys, key)
	slices.Sort(w.keys)
	if w.now.Sub(at) <= 24*time.Hour {
		w.sure = append(w.sure, key)
	}
}

// list lists the bucket and takes what is wanted.
func (w *world) list() {
	wide := !w.now.Before(w.widely)
	if wide {
		w.widely = w.now.Add(24 * time.Hour)
	}
	after := w.p.startAfter(region, wide, time.Time{})
	for _, key := range w.keys {
		if key > after && w.p.take(region, key, w.now) {
			if w.live[key] {
				w.t.Fatalf("%s is read again, although the state has it", key)
			}
			w.reading = append(w.reading, key)
		}
	}
}

// settle ends some of what is read, well with the given share.
func (w *world) settle(all bool, good float64) {
	w.r.Shuffle(len(w.reading), func(i, j int) { w.reading[i], w.reading[j] = w.reading[j], w.reading[i] })
	n := len(w.reading)
	if !all {
		n = w.r.IntN(n + 1)
	}
	for _, key := range w.reading[:n] {
		var unread, undelivered error
		if w.r.Float64() > good {
			if w.r.IntN(2) == 0 {
				unread = errors.New("unread")
			} else {
				undelivered = errors.New("undelivered")
			}
		}
		w.p.settle(region, key, unread, undelivered, w.now)
		if unread == nil && undelivered == nil {
			w.settled[key]++
			w.live[key] = true
		}
	}
	w.reading = w.reading[n:]
}

func (w *world) save() {
	w.saved, _ = json.Marshal(w.p.snapshot())
	w.kept = maps.Clone(w.live)
}

// restart begins with what was saved last.
func (w *world) restart() {
	w.p = newPositions(w.t, w.saved)
	w.reading, w.widely = nil, time.Time{}
	if w.live = maps.Clone(w.kept); w.live == nil {
		w.live = map[string]bool{}
	}
}

// Whatever happens in between, each object is dealt with, and none again of which the state
// knew; the state does not grow with the bucket.
func TestPositionsLoseNothing(t *testing.T) {
	for seed := range uint64(12) {
		w := &world{t: t, r: rand.New(rand.NewPCG(seed, 7)), now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), settled: map[string]int{}}
		w.restart()
		for range 400 {
			w.now = w.now.Add(time.Duration(w.r.IntN(120)) * time.Minute)
			for range w.r.IntN(4) {
				w.arrive(24 * time.Hour)
			}
			if w.r.IntN(12) == 0 {
				w.arrive(46 * time.Hour) // perhaps only the daily listing finds it
			}
			w.list()
			w.settle(false, 0.9)
			switch w.r.IntN(10) {
			case 0, 1, 2:
				w.save()
			case 3:
				w.restart()
			}
		}
		for range 3 { // in the end all goes well
			w.now = w.now.Add(25 * time.Hour)
			w.list()
			w.settle(true, 1)
		}
		for _, key := range w.sure {
			if w.settled[key] == 0 {
				t.Fatalf("seed %d: %s was never dealt with", seed, key)
			}
		}
		s := w.p.snapshot().Prefixes["s3://logs/"+region]
		if s.Position != w.keys[len(w.keys)-1][len(region):] {
			t.Errorf("seed %d: position %s, want that of the last key", seed, s.Position)
		}
		if n := len(s.Done); n > len(w.keys)/3 || len(s.Failed) > 0 {
			t.Errorf("seed %d: the state has %d of %d keys, and %d failed ones", seed, n, len(w.keys), len(s.Failed))
		}
	}
}

// The position stays before what is not dealt with, for as long as that takes.
func TestPositionDoesNotPassWhatIsOpen(t *testing.T) {
	p := newPositions(t, nil)
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	start := now
	key := func(day int, random string) string { return at(start.AddDate(0, 0, day).Format(minuteForm), random) }
	take := func(key string, unread error) {
		t.Helper()
		if !p.take(region, key, now) {
			t.Fatalf("%s is not wanted", key)
		}
		p.settle(region, key, unread, nil, now)
	}
	position := func() string { return region + p.snapshot().Prefixes["s3://logs/"+region].Position }
	take(key(0, "a"), nil)
	take(key(0, "b"), errors.New("no access"))
	for day := range 9 {
		take(key(day+1, "c"), nil)
	}
	if got := position(); got != key(0, "a") {
		t.Errorf("got position %s, want %s", got, key(0, "a"))
	}
	if got := p.startAfter(region, false, time.Time{}); got > key(0, "b") {
		t.Errorf("a listing begins behind the failed key: %s", got)
	}
	now = now.Add(time.Hour)
	take(key(0, "b"), nil)
	newest := region + "2026/03/10/" + one + "_CloudTrail_eu-west-1_20260310T0100Z_c.json.gz"
	now = time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)
	take(newest, nil)
	if got := position(); got != newest {
		t.Errorf("got position %s, want %s", got, newest)
	}
	if take(at("20260308T0100", "z"), nil); p.counts.Late.Load() != 1 {
		t.Errorf("got %d late objects, want 1", p.counts.Late.Load())
	}
}

// An object that failed is read again, later and later.
func TestFailedIsRetried(t *testing.T) {
	p := newPositions(t, nil)
	key := at("20260301T0000", "a")
	now := time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)
	for _, wait := range []time.Duration{0, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour} {
		if wait > 0 && p.take(region, key, now.Add(wait-time.Second)) {
			t.Errorf("it is read again in less than %s", wait)
		}
		now = now.Add(wait)
		if !p.take(region, key, now) {
			t.Fatalf("it is not read again after %s", wait)
		}
		if p.take(region, key, now) {
			t.Error("it is read twice at the same time")
		}
		p.settle(region, key, errors.New("no access"), nil, now)
	}
	if p.counts.Retried.Load() != 8 {
		t.Errorf("got %d retried, want 8", p.counts.Retried.Load())
	}
	if !p.take(region, key, now.Add(time.Hour)) {
		t.Fatal("it is not read again")
	}
	p.settle(region, key, nil, errors.New("gyr stopped"), now)
	if !p.take(region, key, now) { // it is not the object's fault
		t.Error("what was not delivered has to wait")
	}
}

// Where keys do not tell the time, all are kept and all are listed.
func TestPositionsWithoutTime(t *testing.T) {
	p := newPositions(t, nil)
	for i := range 100 {
		key := fmt.Sprintf("logs/%d.json", i)
		if !p.take("logs/", key, time.Now()) {
			t.Fatal(key)
		}
		p.settle("logs/", key, nil, nil, time.Now())
	}
	data, _ := json.Marshal(p.snapshot())
	p = newPositions(t, data)
	if p.startAfter("logs/", false, time.Time{}) != "" || p.take("logs/", "logs/7.json", time.Now()) || !p.take("logs/", "logs/x.json", time.Now()) {
		t.Error("what was dealt with is not known, or something else is")
	}
}

// FuzzState: whatever a state file contains, it is refused or restored, and what is restored
// comes back.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"format":1,"prefixes":{"s3://logs/` + region + `":{"position":"2026/03/01/x","done":["2026/03/01/x"],"failed":{"2026/02/01/y":{"tries":3,"error":"e"}}},"s3://other/":{}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := openPositions("", "s3://logs/", 24*time.Hour, &Counts{}, slog.New(slog.DiscardHandler))
		if err != nil || p.restore(data) != nil {
			return
		}
		for prefix := range maps.Clone(p.prefix) {
			p.startAfter(prefix, true, time.Time{})
			p.take(prefix, prefix+"2026/03/01/z", time.Now())
		}
		first, _ := json.Marshal(p.snapshot())
		if err := p.restore(first); err != nil {
			t.Fatalf("%s: %v", first, err)
		}
		if second, _ := json.Marshal(p.snapshot()); string(second) != string(first) {
			t.Errorf("got %s, then %s", first, second)
		}
	})
}
