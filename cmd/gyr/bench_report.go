// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/bench"
	"github.com/gyr-dev/gyr/internal/screen"
)

// benchText returns the report as text.
func benchText(r *bench.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %.2f s: %s events/s, %s\n", screen.Plural(r.Events, "event"), r.Seconds, screen.Grouped(uint64(r.Rate)), screen.Plural(r.Alerts, "alert"))
	for name, n := range r.Workers {
		fmt.Fprintf(&b, "source %s: %s\n", name, screen.Plural(uint64(n), "worker"))
	}
	fmt.Fprintf(&b, "%s, %d indexed\n", screen.Plural(uint64(r.Rules), "rule"), r.WithWitness)
	if r.Sampled == 0 {
		b.WriteString("\nToo few events to measure the stages.\n")
		return b.String()
	}
	b.WriteString("\nns per event  stage\n")
	for _, s := range r.Stages {
		fmt.Fprintf(&b, "%12.0f  %s\n", s.Nanos, s.Stage)
	}
	fmt.Fprintf(&b, "(stages measured on %s, %.0f %% discarded as outliers; read includes waiting for the source)\n", screen.Plural(r.Sampled, "event"), 100*r.LeftOut)
	fmt.Fprintf(&b, "\nrules evaluated per event: %.2f; 95th percentile: %.1f %% of rules evaluated\n", r.Candidates, 100*r.CandidatesP95)
	if len(r.Expensive) > 0 {
		b.WriteString("\nns per event  share  candidate      matches  most expensive rules\n")
	}
	for _, x := range r.Expensive {
		fmt.Fprintf(&b, "%12.1f  %3.0f %%   %6.2f %%  %11s  %s\n", x.Nanos, 100*x.Share, 100*x.Candidate, screen.Grouped(x.Matches), x.Rule)
	}
	return b.String()
}
