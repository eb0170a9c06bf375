// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	const in = `goos: linux
goarch: amd64
pkg: github.com/gyr-dev/gyr/engine
cpu: Some Processor @ 3 GHz
BenchmarkRules/rules=10-2   100   2000 ns/op   0.5 %alerts   500000 events/s   20.4 ns/event   3 B/op   0 allocs/op
BenchmarkRules/rules=10-2   100   1500 ns/op   0.5 %alerts   750000 events/s   15.4 ns/event   3 B/op   0 allocs/op
--- BENCH: BenchmarkOther
BenchmarkStart   1   12345678 ns/op
PASS
`
	const want = `Processor: Some Processor @ 3 GHz (linux/amd64).

| benchmark | time | per second | allocations | also |
| --- | --- | --- | --- | --- |
| engine Rules/rules=10 | 15.4 ns per event | 750,000 events | 0 | alerts 0.50 % |
| engine Start | 12.3 ms |  | 0 |  |
`
	got, err := Table(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if _, err := Table(strings.NewReader("PASS\n")); err == nil {
		t.Error("no error for an input without benchmarks")
	}
}
