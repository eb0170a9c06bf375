// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"math"

	"github.com/gyr-dev/gyr/abi"
)

// Metered is a plugin with metrics. The host shows them as "plugin.metric". Metrics may be
// called at any time, concurrently with other methods. The host does not change the list.
type Metered interface {
	Metrics() []Metric
}

// Number is the type constraint for values of a [Metric].
type Number interface {
	int | int32 | int64 | uint32 | uint64 | float32 | float64
}

// Metric is a named number, made by [Counter] or [Gauge].
type Metric struct {
	// Name is the name of the metric, such as "events_dropped". It must be unique within the
	// plugin.
	Name string
	// Monotonic is true if the value only increases.
	Monotonic bool
	// Type is the type of the value, Bits the value: an integer, sign-extended to 64 bits, or
	// a float in IEEE 754 form.
	Type abi.MetricType
	Bits uint64
}

// Counter returns a metric whose value only increases, such as the number of events read.
func Counter[T Number](name string, value T) Metric {
	m := Gauge(name, value)
	m.Monotonic = true
	return m
}

// Gauge returns a metric whose value can go up and down, such as the length of a queue. In the
// C interface an int has 32 bits; larger values become an int64.
func Gauge[T Number](name string, value T) Metric {
	m := Metric{Name: name}
	switch x := any(value).(type) {
	case int:
		m.Type, m.Bits = abi.MetricInt, uint64(x)
		if x < math.MinInt32 || x > math.MaxInt32 {
			m.Type = abi.MetricS64
		}
	case int32:
		m.Type, m.Bits = abi.MetricS32, uint64(x)
	case int64:
		m.Type, m.Bits = abi.MetricS64, uint64(x)
	case uint32:
		m.Type, m.Bits = abi.MetricU32, uint64(x)
	case uint64:
		m.Type, m.Bits = abi.MetricU64, x
	case float32:
		m.Type, m.Bits = abi.MetricFloat, uint64(math.Float32bits(x))
	case float64:
		m.Type, m.Bits = abi.MetricDouble, math.Float64bits(x)
	}
	return m
}

// Value returns the value with its original type, one of [Number].
func (m Metric) Value() any {
	switch m.Type {
	case abi.MetricS32:
		return int32(m.Bits)
	case abi.MetricU64:
		return m.Bits
	case abi.MetricS64:
		return int64(m.Bits)
	case abi.MetricDouble:
		return math.Float64frombits(m.Bits)
	case abi.MetricFloat:
		return math.Float32frombits(uint32(m.Bits))
	case abi.MetricInt:
		return int(int32(m.Bits))
	default:
		return uint32(m.Bits)
	}
}
