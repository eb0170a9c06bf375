// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// report shows the events of a run.
type report struct {
	out     io.Writer
	now     func() time.Time
	begun   time.Time
	prefix  string // that all packages have
	total   int
	done    int
	failed  []string
	tests   map[string]map[string]time.Time // running, by package; "" is the package itself
	output  map[[2]string][]string          // of packages and tests that have not passed yet
	skipped map[string]int                  // tests by reason
}

func newReport(out io.Writer, packages []string, now func() time.Time) *report {
	r := &report{
		out: out, now: now, begun: now(), total: len(packages),
		tests: map[string]map[string]time.Time{}, output: map[[2]string][]string{}, skipped: map[string]int{},
	}
	if len(packages) > 0 {
		r.prefix = slices.MinFunc(packages, func(a, b string) int { return len(a) - len(b) })
	}
	return r
}

// short is the path of a package within the module.
func (r *report) short(pkg string) string {
	if s := strings.TrimPrefix(pkg, r.prefix+"/"); s != pkg {
		return s
	}
	return pkg[strings.LastIndex(pkg, "/")+1:]
}

// add takes the next event.
func (r *report) add(e event) {
	key := [2]string{e.Package, e.Test}
	switch e.Action {
	case "start", "run":
		if r.tests[e.Package] == nil {
			r.tests[e.Package] = map[string]time.Time{}
		}
		r.tests[e.Package][e.Test] = r.now()
	case "output":
		r.output[key] = append(r.output[key], e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "skip", "fail":
		delete(r.tests[e.Package], e.Test)
		if e.Test != "" {
			r.endTest(e, key)
		} else {
			r.endPackage(e, key)
		}
	}
}

// endTest takes the end of a test.
func (r *report) endTest(e event, key [2]string) {
	switch e.Action {
	case "fail":
		fmt.Fprintf(r.out, "FAIL  %s %s\n%s", r.short(e.Package), e.Test, strings.Join(r.output[key], ""))
		r.failed = append(r.failed, r.short(e.Package)+" "+e.Test)
	case "skip":
		r.skipped[reason(r.output[key])]++
	}
	delete(r.output, key)
}

// reason is what a skipped test says: its last line that is not one of the framework.
func reason(output []string) string {
	for _, line := range slices.Backward(output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "===") {
			continue
		}
		if _, text, ok := strings.Cut(line, ".go:"); ok { // file.go:12: reason
			if _, text, ok := strings.Cut(text, ": "); ok {
				return text
			}
		}
		return line
	}
	return "no reason"
}

// endPackage takes the end of a package.
func (r *report) endPackage(e event, key [2]string) {
	r.done++
	delete(r.tests, e.Package)
	word := "ok"
	switch {
	case e.Action == "fail":
		word = "FAIL"
		r.failed = append(r.failed, r.short(e.Package))
		fmt.Fprint(r.out, strings.Join(r.output[key], "")) // of a panic, or of the build
		for other, lines := range r.output {
			if other[0] == e.Package && other[1] != "" { // it was running when the process ended
				fmt.Fprintf(r.out, "FAIL  %s %s\n%s", r.short(e.Package), other[1], strings.Join(lines, ""))
			}
		}
	case e.Action == "skip":
		word = "none" // no tests
	}
	for other := range r.output {
		if other[0] == e.Package {
			delete(r.output, other)
		}
	}
	fmt.Fprintf(r.out, "%-4s  %-36s %6.1fs  %d of %d%s\n", word, r.short(e.Package), e.Elapsed, r.done, r.total, r.left())
}

// left names the packages that run.
func (r *report) left() string {
	var names []string
	for pkg := range r.tests {
		names = append(names, r.short(pkg))
	}
	if names == nil {
		return ""
	}
	slices.Sort(names)
	return "; running: " + strings.Join(names, ", ")
}

// beat says what runs, test by test, and since when.
func (r *report) beat() {
	var list []string
	for pkg, tests := range r.tests {
		name, since := "", tests[""]
		for t, at := range tests {
			if t != "" && (name == "" || at.Before(since)) {
				name, since = t, at
			}
		}
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s", r.short(pkg), name))+fmt.Sprintf(" (%.0fs)", r.now().Sub(since).Seconds()))
	}
	slices.Sort(list)
	if list == nil {
		list = []string{"building"}
	}
	fmt.Fprintf(r.out, "      after %.0fs: %s\n", r.now().Sub(r.begun).Seconds(), strings.Join(list, ", "))
}

// end says how it went.
func (r *report) end() {
	var reasons []string
	for why := range r.skipped {
		reasons = append(reasons, why)
	}
	slices.Sort(reasons)
	for _, why := range reasons {
		fmt.Fprintf(r.out, "skipped %d: %s\n", r.skipped[why], why)
	}
	fmt.Fprintf(r.out, "%d of %d packages in %.0fs", r.done, r.total, r.now().Sub(r.begun).Seconds())
	if r.failed != nil {
		fmt.Fprintf(r.out, ", failed:\n  %s", strings.Join(r.failed, "\n  "))
	}
	fmt.Fprintln(r.out)
}
