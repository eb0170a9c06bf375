// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/sdk"
)

// metrics is the memory of a state's metrics.
type metrics struct {
	mu    sync.Mutex
	list  buffer
	names buffer
}

// Metrics returns the plugin's metrics: an array of n gyr_metric. It may run concurrently with
// all other calls.
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
	for i := range all {
		put(&out[i], &all[i])
		out[i].name = (*C.char)(unsafe.Pointer(unsafe.SliceData(names)))
		l := copy(names, all[i].Name)
		names[l] = 0
		names = names[l+1:]
	}
	return m.list.p, len(all)
}

// put writes a metric without its name.
func put(m *C.gyr_metric, from *sdk.Metric) {
	m._type = C.GYR_METRIC_NON_MONOTONIC
	if from.Monotonic {
		m._type = C.GYR_METRIC_MONOTONIC
	}
	m.value_type = C.int32_t(from.Type)
	cell := unsafe.Pointer(&m.value)
	*(*uint64)(cell) = from.Bits
	switch from.Type {
	case abi.MetricU64, abi.MetricS64, abi.MetricDouble:
	default: // a value of 32 bits
		*(*uint64)(cell) = 0
		*(*uint32)(cell) = uint32(from.Bits)
	}
}
