// SPDX-License-Identifier: Apache-2.0

// Package sdktest is for testing plugins: [Run] is a conformance test that every plugin
// can have in one line, [Host] a host in the same process for tests of what a plugin
// does.
//
//	func TestConformance(t *testing.T) {
//		sdktest.Run(t, dummy.New, sdktest.Options{Params: `{"maxEvents": 1000}`})
//	}
//
// [Check] is the same for any plugin that the host has loaded; gyr plugin check does that
// with libraries.
package sdktest

import (
	"fmt"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/sdk"
)

// Options say how a plugin is used in the test. The zero value is right for plugins that
// need no configuration.
type Options struct {
	// Config is the configuration for Init, Params the argument of Open.
	Config, Params string
	// Payloads are events to extract fields from, besides those of the plugin's own stream.
	Payloads [][]byte
	// Arguments are what fields with an argument are asked with, besides 0, 1 and "a".
	Arguments []string
	// MaxEvents is how many events are read at most; 0 means 1000.
	MaxEvents int
	// Wait is how long is waited for events; 0 means one second.
	Wait time.Duration
	// Begin, if set, is told the name of each case before it begins. What ends the
	// process then is no riddle. Done, if set, is told the result after it.
	Begin func(name string)
	Done  func(r *Result)
}

func (o *Options) fill() {
	if o.MaxEvents <= 0 {
		o.MaxEvents = 1000
	}
	if o.Wait <= 0 {
		o.Wait = time.Second
	}
}

// Result is the outcome of a case.
type Result struct {
	// Name of the case, and Why it matters.
	Name, Why string
	// Skipped says why the case does not concern the plugin, "" if it does.
	Skipped string
	// Errors are what keeps hosts or rules from using the plugin, Warnings what is bad
	// style or looks like a mistake.
	Errors, Warnings []string
}

// Failed reports whether the case has errors.
func (r *Result) Failed() bool { return len(r.Errors) > 0 }

// Run checks the plugin that f makes, in a subtest per case. Warnings are only logged.
func Run(t *testing.T, f sdk.Factory, opts Options) {
	t.Helper()
	m, err := host.Linked(f)
	if err != nil {
		t.Fatalf("the plugin cannot be used: %v", err)
	}
	for _, r := range Check(m, opts) {
		t.Run(r.Name, func(t *testing.T) {
			for _, w := range r.Warnings {
				t.Logf("warning: %s", w)
			}
			for _, e := range r.Errors {
				t.Errorf("%s\n(%s)", e, r.Why)
			}
			if r.Skipped != "" {
				t.Skip(r.Skipped)
			}
		})
	}
}

// Check runs all cases on a plugin and returns their results, in order.
func Check(m host.Module, opts Options) []Result {
	opts.fill()
	k := &checker{m: m, info: m.Info(), opts: &opts}
	defer k.end()
	var results []Result
	for i := range cases {
		c := &cases[i]
		if opts.Begin != nil {
			opts.Begin(c.name)
		}
		k.result = Result{Name: c.name, Why: c.why}
		switch {
		case c.needs != 0 && !k.info.Caps.Has(c.needs):
			k.result.Skipped = "the plugin has not this capability"
		case c.state && k.host == nil:
			k.result.Skipped = "the plugin could not be initialised"
		case c.stream && k.blocked:
			k.result.Skipped = "next_batch does not return"
		case c.stream && !k.opens:
			k.result.Skipped = "there is no stream to read"
		default:
			k.try(c.run)
		}
		if opts.Done != nil {
			opts.Done(&k.result)
		}
		results = append(results, k.result)
	}
	return results
}

// checkCase is a case.
type checkCase struct {
	name, why string
	needs     host.Caps // that the plugin must have
	state     bool      // it needs an initialised plugin
	stream    bool      // and one that can be opened
	run       func(*checker)
}

var cases = []checkCase{
	{"info", "hosts and people know a plugin by these texts", 0, false, false, (*checker).checkInfo},
	{"registry", "events are told apart by the id of their plugin, also in capture files", host.Sourcing, false, false, (*checker).checkRegistry},
	{"fields", "rules are written with the fields, and lists of fields are their documentation", host.Extraction, false, false, (*checker).checkFields},
	{"init", "a host makes several states of one plugin, each with the same configuration", 0, false, false, (*checker).checkInit},
	{"config", "a mistake in a configuration must be found when it is loaded", 0, true, false, (*checker).checkConfig},
	{"open error", "an error without a text helps nobody", host.Sourcing, true, false, (*checker).checkOpenError},
	{"read", "the stream is what rules are applied to", host.Sourcing, true, false, (*checker).checkRead},
	{"end", "a stream that has ended stays ended", host.Sourcing, true, true, (*checker).checkEnd},
	{"stop", "a host that stops does not wait for events", host.Sourcing, true, true, (*checker).checkStop},
	{"memory", "events are used after the next batch was read and after the stream was closed", host.Sourcing, true, true, (*checker).checkMemory},
	{"extract", "fields are extracted from every event", host.Extraction, true, false, (*checker).checkExtract},
	{"extract singly", "hosts ask for fields one by one or all together, and rules must not notice", host.Extraction, true, false, (*checker).checkSingly},
	{"odd events", "events come from outside, and no event may end the process", host.Extraction, true, false, (*checker).checkOdd},
	{"text", "evt.plugininfo shows an event in one line", host.Sourcing, true, false, (*checker).checkText},
	{"parse", "events are shown to the plugin before rules see them", host.Parsing, true, false, (*checker).checkParse},
	{"async", "injected events begin and end with their stream", host.Async, true, false, (*checker).checkAsync},
	{"listen", "routines end with the capture", host.Listening, true, false, (*checker).checkListen},
	{"metrics", "metrics are shown by name", 0, true, false, (*checker).checkMetrics},
	{"close", "a state that ends leaves the other states alone", 0, true, false, (*checker).checkClose},
}

// checker is a plugin under test.
type checker struct {
	m       host.Module
	info    *host.Info
	opts    *Options
	host    *Host
	opens   bool    // the plugin's source can be opened
	blocked bool    // next_batch has not returned
	events  []Event // read from the stream
	result  Result
}

func (k *checker) errorf(format string, args ...any) {
	k.result.Errors = append(k.result.Errors, fmt.Sprintf(format, args...))
}

func (k *checker) warnf(format string, args ...any) {
	k.result.Warnings = append(k.result.Warnings, fmt.Sprintf(format, args...))
}

func (k *checker) skipf(format string, args ...any) { k.result.Skipped = fmt.Sprintf(format, args...) }

// try runs a case. That one panics is a fault of the plugin that no adapter has caught.
func (k *checker) try(run func(*checker)) {
	defer func() {
		if r := recover(); r != nil {
			k.errorf("panic: %v", r)
		}
	}()
	run(k)
}

func (k *checker) end() {
	if k.host != nil {
		_ = k.host.Close()
	}
}
