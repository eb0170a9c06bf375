// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package sdkcpp_test

import (
	"encoding/binary"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/fieldtable"
)

var update = flag.Bool("update", false, "write the files that tests check")

//go:generate go test -run TestDummyReadme -update .

func dummy(tb testing.TB) host.Module {
	tb.Helper()
	return load(tb, library(tb, "../plugins/dummy_c/dummy_c.cpp"))
}

func TestDummyReadme(t *testing.T) {
	fieldtable.Test(t, "../plugins/dummy_c/README.md", dummy(t).Info().Fields, *update)
}

func TestDummyNumbersGrow(t *testing.T) {
	m := dummy(t)
	f := func(config, params string, first uint64, count int, jitter uint64) {
		t.Helper()
		p := start(t, m, config)
		got, err := drain(t, p, open(t, p, params))
		if err != nil || len(got) != count {
			t.Fatalf("%s %s: got %d events, %v; want %d", config, params, len(got), err, count)
		}
		last := first
		for _, data := range got {
			n := binary.LittleEndian.Uint64([]byte(data))
			if step := n - last; step < 1 || step-1 > jitter {
				t.Errorf("%s %s: step %d, want 1 to %d", config, params, step, 1+jitter)
			}
			last = n
		}
	}
	f("", "", 1, 20, 10)
	f("{}", "{}", 1, 20, 10)
	f(`{"jitter": 0}`, `{"start": 5, "maxEvents": 500}`, 5, 500, 0)
	f(`{"jitter": 3}`, `{"maxEvents": 0}`, 1, 0, 3)
	f(`{"jitter": 18446744073709551615}`, `{"maxEvents": 9}`, 1, 9, 1<<64-2)
}

func TestDummyRefusesBadParameters(t *testing.T) {
	m := dummy(t)
	f := func(config, params, want string) {
		t.Helper()
		p, err := m.New(config)
		if err == nil {
			defer p.Close()
			_, err = p.Open(params)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s, %s: got %v, want %q", config, params, err, want)
		}
	}
	f("", "nope", "wrong open params format: invalid JSON at offset 0")
	f("", `{"start": "1"}`, "wrong open params format: start: want a number, got a string")
	f("", `{"start": -1}`, "wrong open params format: start: -1 is no unsigned")
	f(`{"jitter": -1}`, "", "jitter")
}

func TestDummyFields(t *testing.T) {
	p := start(t, dummy(t), `{"jitter": 0}`)
	b := newBatch(t, p)
	if err := next(open(t, p, `{"start": 11, "maxEvents": 2}`), b)(); err == nil {
		t.Fatal("the stream has not ended")
	}
	tab := extract(t, p, b, "dummy.value", "dummy.strvalue", "dummy.divisible[3]", "dummy.divisible[5]", "dummy.divisible[0]", "info")
	for i, n := range []uint64{12, 13} {
		row := tab.Row(i)
		yes := uint64(0)
		if n%3 == 0 {
			yes = 1
		}
		if row[0].Num != n || row[1].Str != fmt.Sprint(n) || row[2].Num != yes || row[3].Num != 0 || row[5].Str != fmt.Sprintf(`{"sample": "%d"}`, n) {
			t.Errorf("number %d: got %+v", n, row)
		}
		if !row[3].Present || row[4].Present {
			t.Errorf("number %d: got %+v for the divisor 5 and %+v for 0", n, row[3], row[4])
		}
		if b.Events[i].Time < 1e18 {
			t.Errorf("number %d: got time %d", n, b.Events[i].Time)
		}
	}
}
