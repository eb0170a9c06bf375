// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/abi"
)

func TestMetrics(t *testing.T) {
	f := func(m Metric, typ abi.MetricType, monotonic bool, want any) {
		t.Helper()
		if m.Name != "m" || m.Type != typ || m.Monotonic != monotonic {
			t.Errorf("got %+v, want type %d, monotonic %v", m, typ, monotonic)
		}
		if d := cmp.Diff(want, m.Value()); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
	f(Counter("m", uint32(math.MaxUint32)), abi.MetricU32, true, uint32(math.MaxUint32))
	f(Gauge("m", int32(-1)), abi.MetricS32, false, int32(-1))
	f(Counter("m", uint64(math.MaxUint64)), abi.MetricU64, true, uint64(math.MaxUint64))
	f(Gauge("m", int64(math.MinInt64)), abi.MetricS64, false, int64(math.MinInt64))
	f(Gauge("m", 1.5), abi.MetricDouble, false, 1.5)
	f(Gauge("m", float32(-2.5)), abi.MetricFloat, false, float32(-2.5))
	f(Gauge("m", -3), abi.MetricInt, false, -3)
	f(Counter("m", math.MaxInt32), abi.MetricInt, true, math.MaxInt32)
	f(Counter("m", math.MaxInt32+1), abi.MetricS64, true, int64(math.MaxInt32+1))
	f(Gauge("m", math.MinInt32), abi.MetricInt, false, math.MinInt32)
	f(Gauge("m", math.MinInt32-1), abi.MetricS64, false, int64(math.MinInt32-1))
}

func TestMetricsAllocateNothing(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		sink = Counter("events", sink.Bits+1<<40)
		sink = Gauge("share", float64(sink.Bits))
	})
	if n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

var sink Metric
