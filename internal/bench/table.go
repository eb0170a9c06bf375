// SPDX-License-Identifier: Apache-2.0

// Package bench holds the end-to-end benchmarks of gyr, and converts the output of `make
// bench` to the table in docs/PERFORMANCE.md. Other packages have their own benchmarks.
//
// The benchmarks read this repository's sample logs or generate their input. Set
// GYR_BENCH_LOGS to a folder of CloudTrail logs to read those instead.
package bench

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gyr-dev/gyr/internal/fieldtable"
)

// Table reads the output of go test -bench and returns a Markdown table with one row per
// benchmark. If a benchmark ran several times, the fastest run is used. Other lines are
// ignored.
func Table(r io.Reader) (string, error) {
	var order []string
	best := map[string]*result{}
	machine, pkg := map[string]string{}, ""
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		for _, key := range []string{"goos", "goarch", "cpu"} {
			if v, ok := strings.CutPrefix(line, key+": "); ok {
				machine[key] = v
			}
		}
		if v, ok := strings.CutPrefix(line, "pkg: "); ok {
			pkg = v[strings.LastIndexByte(v, '/')+1:]
		}
		b, ok := parse(pkg, line)
		if !ok {
			continue
		}
		if old := best[b.name]; old == nil {
			order = append(order, b.name)
		} else if old.time() <= b.time() {
			continue
		}
		best[b.name] = b
	}
	if err := lines.Err(); err != nil {
		return "", err
	}
	if len(order) == 0 {
		return "", errors.New("the input has no benchmark results")
	}
	var out strings.Builder
	fmt.Fprintf(&out, "Processor: %s (%s/%s).\n\n", machine["cpu"], machine["goos"], machine["goarch"])
	out.WriteString(fieldtable.Head("benchmark", "time", "per second", "allocations", "also"))
	for _, name := range order {
		out.WriteString(best[name].row())
	}
	return out.String(), nil
}

// result is one line of benchmark output.
type result struct {
	name    string
	metrics []metric
}

type metric struct {
	unit  string
	value float64
}

// parse parses a line such as
//
//	BenchmarkName/case-2   100   123 ns/op   456 events/s   0 allocs/op
func parse(pkg, line string) (*result, bool) {
	words := strings.Fields(line)
	if len(words) < 4 || len(words)%2 != 0 || !strings.HasPrefix(words[0], "Benchmark") {
		return nil, false
	}
	name := strings.TrimPrefix(words[0], "Benchmark")
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			name = name[:i]
		}
	}
	b := &result{name: pkg + " " + name}
	for i := 2; i < len(words); i += 2 {
		v, err := strconv.ParseFloat(words[i], 64)
		if err != nil {
			return nil, false
		}
		b.metrics = append(b.metrics, metric{words[i+1], v})
	}
	return b, true
}

// value returns the value with that unit, 0 if there is none.
func (b *result) value(unit string) float64 {
	for _, m := range b.metrics {
		if m.unit == unit {
			return m.value
		}
	}
	return 0
}

// time returns the time per event if the benchmark reports events, else per run.
func (b *result) time() float64 {
	if ns := b.value("ns/event"); ns > 0 {
		return ns
	}
	return b.value("ns/op")
}

// row returns the table row, with the time per event if known, else per run.
func (b *result) row() string {
	time, rate := nanoseconds(b.value("ns/op")), ""
	if ns := b.value("ns/event"); ns > 0 {
		time = nanoseconds(ns) + " per event"
	}
	var also []string
	for _, m := range b.metrics {
		switch {
		case m.unit == "events/s":
			rate = short(m.value) + " events"
		case m.unit == "MB/s" && rate == "":
			rate = short(m.value) + " MB"
		case m.unit == "ns/op" || m.unit == "ns/event" || m.unit == "B/op" || m.unit == "allocs/op":
		case strings.HasPrefix(m.unit, "%"):
			also = append(also, m.unit[1:]+" "+short(m.value)+" %")
		case strings.HasPrefix(m.unit, "ns-"):
			also = append(also, m.unit[3:]+" "+nanoseconds(m.value))
		default:
			also = append(also, short(m.value)+" "+m.unit)
		}
	}
	return fieldtable.Row(b.name, time, rate, short(b.value("allocs/op")), strings.Join(also, ", "))
}

// nanoseconds formats a time with three digits and a unit.
func nanoseconds(ns float64) string {
	switch {
	case ns < 1e3:
		return short(ns) + " ns"
	case ns < 1e6:
		return short(ns/1e3) + " µs"
	case ns < 1e9:
		return short(ns/1e6) + " ms"
	}
	return short(ns/1e9) + " s"
}

// short formats a number with about three digits and grouped thousands.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'f', 2, 64) + " M"
	case v >= 1e3:
		s := strconv.Itoa(int(v))
		return s[:len(s)-3] + "," + s[len(s)-3:]
	case v >= 100 || v == float64(int(v)):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}
