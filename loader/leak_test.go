// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cbuild"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/state"
)

// cycle opens the library, uses everything once, and closes it.
func cycle(t *testing.T, path string) {
	m, err := Open(path, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.New("")
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Open("")
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(8, event.NewArena(cmem.Alloc, cmem.Free))
	b.Source = m.Info().Source
	if err := s.Next(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	pl, err := p.Plan(want(t, m, "strict.text", "strict.list", "strict.key[k]", "info"))
	if err != nil {
		t.Fatal(err)
	}
	var tab fields.Table
	tab.Resize(len(b.Events), 4)
	if err := pl.Extract(b, []int32{0, 1, 2, 3, 4, 5, 6, 7}, &tab); err != nil {
		t.Fatal(err)
	}
	b.Release()
	b.Arena.Free()
	if err := errors.Join(s.Close(), p.Close()); err != nil {
		t.Fatal(err)
	}
}

// residentPages is the size of the process in memory; 0 where that cannot be read.
func residentPages() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return n
}

// cycleAll makes two plugins that share tables, has one parse, inject and listen, and
// closes them.
func cycleAll(t *testing.T, paths [3]string) {
	tables := host.NewTables()
	var states [3]host.Plugin
	for i, path := range paths {
		m, err := Open(path, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if states[i], err = host.New(m, "", tables); err != nil {
			t.Fatal(err)
		}
	}
	user, caps := states[1].(*plugin), states[2].(*plugin)
	b := event.NewBatch(8, event.NewArena(cmem.Alloc, cmem.Free))
	b.Source = "caps"
	for _, payload := range []string{"ann", "bob", "?", "-ann"} {
		b.Add(906, 1, []byte(payload))
		if err := errors.Join(user.Parse(b, len(b.Events)-1), caps.Parse(b, len(b.Events)-1)); err != nil {
			t.Fatal(err)
		}
	}
	r := host.NewRoutines(slog.New(slog.DiscardHandler))
	emit := func(string, uint64, []byte) error { return nil }
	err := errors.Join(caps.StartAsync("caps", emit), caps.CaptureOpen(r), caps.CaptureClose(r), caps.StopAsync(), caps.DumpState("caps", emit))
	r.Stop()
	if _, failed := caps.SetConfig("new"); err != nil || failed != nil || len(caps.Metrics()) == 0 {
		t.Fatal(err, failed)
	}
	if tab, err := tables.Get("people", state.String); err != nil || tab.Size() != 1 {
		t.Fatal(err)
	}
	b.Release()
	b.Arena.Free()
	if err := errors.Join(caps.Close(), user.Close(), states[0].Close()); err != nil {
		t.Fatal(err)
	}
}

func TestTenThousandLivesLeakNothing(t *testing.T) {
	path := cbuild.Library(t, "strict.c")
	all := [3]string{cbuild.Library(t, "tables.c", "-DOWNER", ownerName), cbuild.Library(t, "tables.c", userName), cbuild.Library(t, "caps.c")}
	t.Run("events and fields", func(t *testing.T) { manyLives(t, func() { cycle(t, path) }) })
	t.Run("everything else", func(t *testing.T) { manyLives(t, func() { cycleAll(t, all) }) })
}

// known is the number of states that callbacks could find.
func known() (n int) {
	states.Range(func(_, _ any) bool { n++; return true })
	return n
}

func manyLives(t *testing.T, cycle func()) {
	cycles := 10000
	if testing.Short() {
		cycles = 1000
	}
	for range 500 {
		cycle()
	}
	collect := func() {
		for range 3 { // the memory of plans is freed after they are collected
			runtime.GC()
			runtime.Gosched()
		}
	}
	collect()
	// Other tests have made states of old Go libraries, which are kept.
	live, resident, knownBefore := cmem.Live(), residentPages(), known()
	for range cycles {
		cycle()
	}
	collect()
	if got := cmem.Live(); got > live+64<<10 {
		t.Errorf("%d bytes live outside the heap, %d before", got, live)
	}
	// The state of the strict plugin alone has half a megabyte; a leak would show. The race
	// detector keeps memory of its own for all that was ever used.
	got := residentPages()
	t.Logf("%d lives: %d pages resident, %d before", cycles, got, resident)
	if got > resident+2000 && !raceEnabled {
		t.Errorf("%d pages resident, %d before", got, resident)
	}
	if n := known(); n != knownBefore {
		t.Errorf("%d states are known, %d before", n, knownBefore)
	}
}
