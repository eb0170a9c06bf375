// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "state.h"
*/
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
	"github.com/gyr-dev/gyr/sdk"
)

// SetConfig implements [host.ConfigSetter].
func (p *plugin) SetConfig(config string) (ok bool, err error) {
	lib := p.mod.lib
	if lib.c.set_config == nil || lib.version[0] < 3 {
		return false, nil
	}
	config, err = host.CheckConfig(p.mod.info.Name, p.mod.info.Schema, config)
	if err != nil {
		return true, err
	}
	text := cmem.CString(config)
	defer cmem.Free(text)
	p.extracting.Lock()
	defer p.extracting.Unlock()
	if C.gyr_set_config(p.c, cstr(text)) != C.GYR_SUCCESS {
		return true, p.fail("set config", errorText(C.gyr_state_error(p.c)))
	}
	return true, nil
}

// maxMetrics is the largest number of metrics that is believed.
const maxMetrics = 1024

// Metrics implements [host.Metered]. Metrics without a name or of an unknown type are
// left out.
func (p *plugin) Metrics() []sdk.Metric {
	lib := p.mod.lib
	if lib.c.get_metrics == nil || lib.version[0] < 3 {
		return nil
	}
	mem := cmem.Zeroed(maxMetrics * int(unsafe.Sizeof(C.gyr_metric{})))
	defer cmem.Free(mem)
	first := (*C.gyr_metric)(unsafe.Pointer(unsafe.SliceData(mem)))
	p.extracting.Lock()
	defer p.extracting.Unlock() // names are the plugin's until its next call
	n := C.gyr_metrics(p.c, first, maxMetrics)
	var list []sdk.Metric
	all := unsafe.Slice(first, int(n))
	for i := range all {
		if m, ok := metricOf(&all[i]); ok {
			list = append(list, m)
		}
	}
	return list
}

// metricOf makes a metric of one in C; ok is false if it has no name or an unknown type.
func metricOf(m *C.gyr_metric) (out sdk.Metric, ok bool) {
	name, v := goText(m.name, maxText), unsafe.Pointer(&m.value)
	switch m.value_type {
	case C.GYR_METRIC_U32:
		out = sdk.Gauge(name, *(*uint32)(v))
	case C.GYR_METRIC_S32:
		out = sdk.Gauge(name, *(*int32)(v))
	case C.GYR_METRIC_U64:
		out = sdk.Gauge(name, *(*uint64)(v))
	case C.GYR_METRIC_S64:
		out = sdk.Gauge(name, *(*int64)(v))
	case C.GYR_METRIC_DOUBLE:
		out = sdk.Gauge(name, *(*float64)(v))
	case C.GYR_METRIC_FLOAT:
		out = sdk.Gauge(name, *(*float32)(v))
	case C.GYR_METRIC_INT:
		out = sdk.Gauge(name, int(*(*int32)(v)))
	}
	out.Monotonic = m._type == C.GYR_METRIC_MONOTONIC
	return out, out.Name != ""
}
