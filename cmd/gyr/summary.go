// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/pipeline"
)

// counts returns the rules that matched, in the order of their definition.
func (a *app) counts() ([]pipeline.RuleStats, pipeline.Stats) {
	var stats pipeline.Stats
	if a.pipeline != nil {
		stats = a.pipeline.Stats()
	}
	matched := slices.DeleteFunc(slices.Clone(stats.Rules), func(r pipeline.RuleStats) bool { return r.Matches == 0 })
	return matched, stats
}

// printCounts prints the counts that Falco ends with.
func (a *app) printCounts() {
	list, _ := a.counts()
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

// printSummary prints, if asked for, what happened in words for people.
func (a *app) printSummary() {
	if !a.opts.verbose && !a.opts.summary {
		return
	}
	list, stats := a.counts()
	seconds := stats.Elapsed.Seconds()
	rate := 0.0
	if seconds > 0 {
		rate = float64(stats.Events) / seconds
	}
	if a.opts.verbose {
		fmt.Fprintf(a.stderr, "Elapsed time: %.3f, Captured Events: %d, %.2f eps\n", seconds, stats.Events, rate)
	}
	if !a.opts.summary {
		return
	}
	slices.SortStableFunc(list, func(x, y pipeline.RuleStats) int { return cmp.Compare(y.Matches, x.Matches) })
	fmt.Fprintf(a.stderr, "\n%s read in %s (%s events/s), %s by %d of %d rules\n",
		plural(stats.Events, "event"), stats.Elapsed.Round(time.Millisecond), grouped(uint64(rate)), plural(stats.Alerts, "alert"), len(list), a.rules.Rules)
	for _, c := range list {
		fmt.Fprintf(a.stderr, "%12s  %-13s %s\n", grouped(c.Matches), c.Priority, c.Name)
	}
}

// grouped writes a number with its digits in groups of three.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural writes a number of things.
func plural(n uint64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return grouped(n) + " " + thing
}
