// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/daemon"
	"github.com/gyr-dev/gyr/internal/falcolog"
	"github.com/gyr-dev/gyr/internal/screen"
	"github.com/gyr-dev/gyr/pipeline"
)

// matched returns the rules that matched, in the order of their definition.
func matched(res *daemon.Result) []pipeline.RuleStats {
	return slices.DeleteFunc(slices.Clone(res.Stats.Rules), func(r pipeline.RuleStats) bool { return r.Matches == 0 })
}

// printCounts prints the counts that Falco prints at the end.
func (a *app) printCounts(res *daemon.Result) {
	list := matched(res)
	var total uint64
	var byPriority [alert.Debug + 1]uint64
	for _, c := range list {
		total += c.Matches
		byPriority[c.Priority] += c.Matches
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Events detected: %d\nRule counts by severity:\n", total)
	for p, n := range byPriority {
		if n > 0 {
			fmt.Fprintf(&b, "   %s: %d\n", strings.ToUpper(alert.Priority(p).Short()), n)
		}
	}
	b.WriteString("Triggered rules by rule name:\n")
	for _, c := range list {
		fmt.Fprintf(&b, "   %s: %d\n", c.Name, c.Matches)
	}
	fmt.Fprint(a.stdout, b.String())
}

// printSummary prints a readable summary, if asked for.
func (a *app) printSummary(res *daemon.Result) {
	if !a.opts.verbose && !a.opts.summary {
		return
	}
	list, stats := matched(res), res.Stats
	seconds := stats.Elapsed.Seconds()
	rate := 0.0
	if seconds > 0 {
		rate = float64(stats.Events) / seconds
	}
	if a.opts.verbose {
		fmt.Fprintf(a.side, "Elapsed time: %.3f, Captured Events: %d, %.2f eps\n", seconds, stats.Events, rate)
	}
	if !a.opts.summary {
		return
	}
	slices.SortStableFunc(list, func(x, y pipeline.RuleStats) int { return cmp.Compare(y.Matches, x.Matches) })
	fmt.Fprintf(a.side, "\n%s read in %s (%s events/s), %s by %d of %d rules\n",
		screen.Plural(stats.Events, "event"), stats.Elapsed.Round(time.Millisecond), screen.Grouped(uint64(rate)), screen.Plural(stats.Alerts, "alert"), len(list), res.Rules.Rules)
	for _, c := range list {
		fmt.Fprintf(a.side, "%12s  %s %s\n", screen.Grouped(c.Matches), a.paintPriority(c.Priority, fmt.Sprintf("%-13s", c.Priority)), c.Name)
	}
	for _, p := range res.Plugins {
		printPluginMetrics(a.side, p)
	}
}

// printPluginMetrics prints the metrics of a plugin that are not 0.
func printPluginMetrics(w io.Writer, p daemon.PluginMetrics) {
	title := "\n" + p.Plugin + "\n"
	for _, m := range p.Metrics {
		if m.Bits == 0 {
			continue
		}
		value := fmt.Sprint(m.Value())
		if m.Type == abi.MetricU64 {
			value = screen.Grouped(m.Bits)
		}
		fmt.Fprintf(w, "%s%12s  %s\n", title, value, falcolog.Clean(m.Name))
		title = ""
	}
}
