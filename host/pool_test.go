// SPDX-License-Identifier: Apache-2.0

package host_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
)

// fakeState is a state that allows one extraction at a time and notes how it is used.
type fakeState struct {
	host.Plugin
	busy, calls atomic.Int32
	overlap     atomic.Bool
	closed      bool
	err         error
	config      string
	refuse      error
	fixed       bool // the configuration cannot change
}

func (s *fakeState) SetConfig(config string) (bool, error) {
	if s.fixed || s.refuse != nil {
		return !s.fixed, s.refuse
	}
	s.config = config
	return true, nil
}

func (s *fakeState) Plan([]fields.Want) (fields.Plan, error) { return s, s.err }

func (s *fakeState) Extract(*event.Batch, []int32, *fields.Table) error {
	if s.busy.Add(1) > 1 {
		s.overlap.Store(true)
	}
	s.calls.Add(1)
	s.busy.Add(-1)
	return nil
}

func (s *fakeState) Close() error { s.closed = true; return nil }

func TestPoolGivesEachExtractionAStateOfItsOwn(t *testing.T) {
	first, a, b := &fakeState{}, &fakeState{}, &fakeState{}
	p := host.NewPool(first, []host.Plugin{a, b})
	plan, err := p.Plan(nil)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				if err := plan.Extract(nil, nil, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if a.overlap.Load() || b.overlap.Load() {
		t.Error("one state was asked by two goroutines at once")
	}
	if first.calls.Load() != 0 || a.calls.Load()+b.calls.Load() != 4000 {
		t.Errorf("calls %d, %d, %d; want none of the first state and 4000 of the others", first.calls.Load(), a.calls.Load(), b.calls.Load())
	}
	if err := p.Close(); err != nil || !first.closed || !a.closed || !b.closed {
		t.Errorf("Close gives %v and leaves states open", err)
	}
}

func TestPoolReportsAFailingPlan(t *testing.T) {
	bad := errors.New("no such field")
	p := host.NewPool(&fakeState{}, []host.Plugin{&fakeState{}, &fakeState{err: bad}})
	if _, err := p.Plan(nil); !errors.Is(err, bad) {
		t.Errorf("error %v, want that of the state", err)
	}
}

func TestPoolConfiguresEveryState(t *testing.T) {
	f := func(first, a, b *fakeState, wantOK bool, wantErr error, want string) {
		t.Helper()
		p := host.NewPool(first, []host.Plugin{a, b})
		ok, err := p.SetConfig("new")
		if got := first.config + " " + a.config + " " + b.config; ok != wantOK || err != wantErr || got != want { //nolint:errorlint // the very error
			t.Errorf("%v, %v and configurations %q; want %v, %v and %q", ok, err, got, wantOK, wantErr, want)
		}
	}
	bad := errors.New("bad value")
	f(&fakeState{}, &fakeState{}, &fakeState{}, true, nil, "new new new")
	f(&fakeState{refuse: bad}, &fakeState{}, &fakeState{}, true, bad, "  ")
	f(&fakeState{}, &fakeState{refuse: bad}, &fakeState{}, true, bad, "new  ")
	f(&fakeState{}, &fakeState{}, &fakeState{refuse: bad}, true, bad, "new new ")
	f(&fakeState{fixed: true}, &fakeState{fixed: true}, &fakeState{fixed: true}, false, nil, "  ")
}
