// SPDX-License-Identifier: Apache-2.0

// Package sdktest supports tests of plugins. [Run] is a conformance test in one line; [Host] is
// a host in the same process, for tests of a plugin's behavior.
//
//	func TestConformance(t *testing.T) {
//		sdktest.Run(t, dummy.New, sdktest.Options{Params: `{"maxEvents": 1000}`})
//	}
//
// [Check] makes the same checks on any loaded plugin; gyr plugin check uses it.
package sdktest

import (
	"fmt"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/sdk"
)

// Options configures the checks. The zero value is suitable for plugins that need no
// configuration.
type Options struct {
	// Config is the configuration for Init, Params the argument of Open.
	Config, Params string
	// Payloads are events to extract fields from, in addition to those of the plugin's stream.
	Payloads [][]byte
	// Arguments are arguments for fields, in addition to 0, 1 and "a".
	Arguments []string
	// MaxEvents is the maximum number of events to read; 0 means 1000.
	MaxEvents int
	// Wait is how long to wait for events; 0 means one second.
	Wait time.Duration
	// Begin, if set, is called with the name of each check before it starts, to identify a check
	// that crashes the process. Done, if set, is called with its result.
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

// Result is the result of a check.
type Result struct {
	// Name is the name of the check, Why the reason for it.
	Name, Why string
	// Skipped is the reason if the check does not apply to the plugin, else "".
	Skipped string
	// Errors prevent hosts or rules from using the plugin. Warnings are bad style or
	// probable mistakes.
	Errors, Warnings []string
}

// Failed reports whether the check found errors.
func (r *Result) Failed() bool { return len(r.Errors) > 0 }

// Run checks the plugin made by f, with one subtest per check. Warnings are only logged.
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

// Check runs all checks on a plugin and returns the results in order.
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
			k.result.Skipped = "not implemented by this plugin"
		case c.state && k.host == nil:
			k.result.Skipped = "the plugin could not be initialized"
		case c.stream && k.blocked:
			k.result.Skipped = "next_batch does not return"
		case c.stream && !k.opens:
			k.result.Skipped = "no stream to read"
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

// checkCase is a check.
type checkCase struct {
	name, why string
	needs     host.Caps // required capabilities
	state     bool      // requires an initialized plugin
	stream    bool      // requires a stream
	run       func(*checker)
}

var cases = []checkCase{
	{"info", "these texts identify the plugin to hosts and users", 0, false, false, (*checker).checkInfo},
	{"registry", "the plugin ID identifies the origin of an event, also in capture files", host.Sourcing, false, false, (*checker).checkRegistry},
	{"fields", "rules use the fields, and field lists are their documentation", host.Extraction, false, false, (*checker).checkFields},
	{"init", "a host creates several states of a plugin with the same configuration", 0, false, false, (*checker).checkInit},
	{"config", "mistakes in a configuration must be detected when it is loaded", 0, true, false, (*checker).checkConfig},
	{"open error", "users need an error text", host.Sourcing, true, false, (*checker).checkOpenError},
	{"read", "rules are evaluated on the events of the stream", host.Sourcing, true, false, (*checker).checkRead},
	{"end", "hosts may read again after the end of a stream", host.Sourcing, true, true, (*checker).checkEnd},
	{"stop", "a host must be able to stop while no events arrive", host.Sourcing, true, true, (*checker).checkStop},
	{"memory", "hosts use events after reading the next batch and after closing the stream", host.Sourcing, true, true, (*checker).checkMemory},
	{"extract", "hosts extract fields from every event", host.Extraction, true, false, (*checker).checkExtract},
	{"extract singly", "hosts request fields one by one or together; the values must be the same", host.Extraction, true, false, (*checker).checkSingly},
	{"odd events", "events are untrusted input and must not crash the process", host.Extraction, true, false, (*checker).checkOdd},
	{"text", "evt.plugininfo shows an event as one line of text", host.Sourcing, true, false, (*checker).checkText},
	{"parse", "the plugin parses every event before rules are evaluated", host.Parsing, true, false, (*checker).checkParse},
	{"async", "async events start and end with their stream", host.Async, true, false, (*checker).checkAsync},
	{"listen", "routines must end with the capture", host.Listening, true, false, (*checker).checkListen},
	{"metrics", "metrics are identified by name", 0, true, false, (*checker).checkMetrics},
	{"close", "closing a state must not affect other states", 0, true, false, (*checker).checkClose},
}

// checker holds the plugin under test.
type checker struct {
	m       host.Module
	info    *host.Info
	opts    *Options
	host    *Host
	opens   bool    // the plugin's source can be opened
	blocked bool    // next_batch did not return
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

// try runs a check. A panic is a fault of the plugin that no adapter has caught.
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
