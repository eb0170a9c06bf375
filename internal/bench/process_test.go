// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/gobuild"
	"github.com/gyr-dev/gyr/internal/rulegen"
)

// numbers are two million numbers, fewer with -short.
func numbers() (open string, n int) {
	n = 2_000_000
	if testing.Short() {
		n = 500_000
	}
	return fmt.Sprintf(`{"start": 0, "maxEvents": %d}`, n), n
}

// dummy is the configuration that counts, with jitter 0.
func dummy(rules []byte, library string) setup {
	open, _ := numbers()
	return setup{plugin: "dummy", library: library, init: "{jitter: 0}", open: open, rules: rules}
}

// dummyC is the same with the plugin in C++, a library.
func dummyC(tb testing.TB) setup {
	tb.Helper()
	lib := filepath.Join(dir, "libdummy_c.so")
	out, err := exec.Command("c++", "-std=c++17", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-I", filepath.Join(root, "sdk-cpp/include"), "-I", filepath.Join(root, "abi"),
		"-o", lib, filepath.Join(root, "plugins/dummy_c/dummy_c.cpp")).CombinedOutput()
	if err != nil {
		tb.Fatalf("c++: %v\n%s", err, out)
	}
	s := dummy([]byte(strings.ReplaceAll(oneNumber, "source: dummy", "source: dummy_c")), lib)
	s.plugin = "dummy_c"
	return s
}

func trail(tb testing.TB, rules []byte, library string) setup {
	tb.Helper()
	return setup{plugin: "cloudtrail", library: library, open: must(tb, logs), json: library == "", rules: rules}
}

// alone leaves out the json plugin.
func alone(s setup) setup {
	s.json = false
	return s
}

// library builds a plugin of this repository as a shared library.
func library(tb testing.TB, name string) string {
	tb.Helper()
	return gobuild.Library(tb, name, ".", "./plugins/"+name+"/cshared")
}

// benchRate runs gyr bench again and again and reports its best rate.
func benchRate(b *testing.B, s setup, args ...string) {
	b.Helper()
	config := s.write(b)
	rate(b, config, args...) // files and program are in memory from now on
	var best report
	for b.Loop() {
		if r := rate(b, config, args...); r.Rate > best.Rate {
			best = r
		}
	}
	b.ReportMetric(best.Rate, "events/s")
	b.ReportMetric(1e9/best.Rate, "ns/event")
	b.ReportMetric(100*float64(best.Alerts)/float64(best.Events), "%alerts")
}

// BenchmarkRules runs mixed rules over CloudTrail logs, reading included.
func BenchmarkRules(b *testing.B) {
	for _, n := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) { benchRate(b, trail(b, rulegen.Rules(n, 1), "")) })
	}
	b.Run("rules=cloudtrail_rules", func(b *testing.B) { benchRate(b, trail(b, trailRules(b), "")) })
}

// BenchmarkFloor is what reading the same logs costs at least: inflate, and one look at
// every byte, on all processors.
func BenchmarkFloor(b *testing.B) {
	folder := must(b, logs)
	events := float64(rate(b, trail(b, []byte(noRule), "").write(b)).Events)
	for b.Loop() {
		if err := floor(folder); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/events, "ns/event")
}

// BenchmarkLibrary compares plugins that are linked in with the same ones as libraries.
func BenchmarkLibrary(b *testing.B) {
	rules := rulegen.Rules(22, 1)
	b.Run("cloudtrail/linked", func(b *testing.B) { benchRate(b, alone(trail(b, rules, ""))) })
	b.Run("cloudtrail/library", func(b *testing.B) { benchRate(b, trail(b, rules, library(b, "cloudtrail"))) })
	b.Run("dummy/linked", func(b *testing.B) { benchRate(b, dummy([]byte(oneNumber), "")) })
	b.Run("dummy/library", func(b *testing.B) { benchRate(b, dummy([]byte(oneNumber), library(b, "dummy"))) })
}

// BenchmarkWorkers has rules that take long and a source that costs nearly nothing.
func BenchmarkWorkers(b *testing.B) {
	for _, n := range []string{"1", "2"} {
		b.Run("workers="+n, func(b *testing.B) {
			benchRate(b, dummy(numberRules(20), ""), "--workers", n, "--events", "200000")
		})
	}
}

// BenchmarkStart starts gyr and has it do everything but open its sources.
func BenchmarkStart(b *testing.B) {
	for _, n := range []int{22, 3000} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			config := trail(b, rulegen.Rules(n, 1), "").write(b)
			for b.Loop() {
				gyr(b, "-c", config, "--dry-run")
			}
		})
	}
}

// BenchmarkDummy runs gyr as users do, with an output, over two million events of one rule.
func BenchmarkDummy(b *testing.B) {
	_, n := numbers()
	config := dummy([]byte(oneNumber), "").write(b)
	best := time.Duration(0)
	for b.Loop() {
		if _, took := gyr(b, "-c", config); best == 0 || took < best {
			best = took
		}
	}
	b.ReportMetric(float64(n)/best.Seconds(), "events/s")
}
