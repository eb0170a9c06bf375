// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"math"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/sdk"
)

// metrics is the memory of a state's metrics.
type metrics struct {
	mu    sync.Mutex
	list  buffer
	names buffer
}

// Metrics returns the plugin's metrics: an array of n gyr_metric. It may run beside all
// other calls.
func Metrics(p unsafe.Pointer) (list unsafe.Pointer, n int) {
	s := states.get(p)
	if s == nil {
		return nil, 0
	}
	m, ok := s.plugin.(sdk.Metered)
	if !ok {
		return nil, 0
	}
	s.metrics.mu.Lock()
	defer s.metrics.mu.Unlock()
	var all []sdk.Metric
	if err := guard(func() error { all = m.Metrics(); return nil }); err != nil {
		s.fail(err)
		return nil, 0
	}
	return s.metrics.fill(all)
}

func (m *metrics) fill(all []sdk.Metric) (unsafe.Pointer, int) {
	size := 0
	for i := range all {
		size += len(all[i].Name) + 1
	}
	names := m.names.grow(size)
	m.list.grow(max(len(all), 1) * C.sizeof_gyr_metric)
	out := unsafe.Slice((*C.gyr_metric)(m.list.p), len(all))
	n := 0
	for i := range all {
		if !put(&out[n], all[i].Value) {
			continue
		}
		out[n]._type = C.GYR_METRIC_NON_MONOTONIC
		if all[i].Monotonic {
			out[n]._type = C.GYR_METRIC_MONOTONIC
		}
		out[n].name = (*C.char)(unsafe.Pointer(unsafe.SliceData(names)))
		l := copy(names, all[i].Name)
		names[l] = 0
		names = names[l+1:]
		n++
	}
	return m.list.p, n
}

// put writes a value, if it is a number of a type that metrics have.
func put(m *C.gyr_metric, v any) bool {
	cell := unsafe.Pointer(&m.value)
	*(*uint64)(cell) = 0
	switch x := v.(type) {
	case uint32:
		m.value_type, *(*uint32)(cell) = C.GYR_METRIC_U32, x
	case int32:
		m.value_type, *(*int32)(cell) = C.GYR_METRIC_S32, x
	case uint64:
		m.value_type, *(*uint64)(cell) = C.GYR_METRIC_U64, x
	case int64:
		m.value_type, *(*int64)(cell) = C.GYR_METRIC_S64, x
	case float64:
		m.value_type, *(*float64)(cell) = C.GYR_METRIC_DOUBLE, x
	case float32:
		m.value_type, *(*float32)(cell) = C.GYR_METRIC_FLOAT, x
	case int:
		if x >= math.MinInt32 && x <= math.MaxInt32 {
			m.value_type, *(*int32)(cell) = C.GYR_METRIC_INT, int32(x)
		} else {
			m.value_type, *(*int64)(cell) = C.GYR_METRIC_S64, int64(x)
		}
	default:
		return false
	}
	return true
}
