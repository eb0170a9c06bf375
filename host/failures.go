// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// FailureKind is what a plugin failed at.
type FailureKind uint8

// The kinds of failures.
const (
	// FailExtract: a field could not be extracted; rules see no value.
	FailExtract FailureKind = iota
	// FailValue: a value does not have the form of its field.
	FailValue
	// FailMemory: the values of several fields lie in the same memory.
	FailMemory
	// FailText: the text of an event (evt.plugininfo) could not be made.
	FailText
	// FailParse: an event could not be parsed.
	FailParse
)

// failureWords are the names for metrics and the words for the log, by kind. The words stand
// between the field, if there is one, and the reason.
var failureWords = [...]struct{ metric, words string }{
	FailExtract: {"extract_failures", "cannot be extracted"},
	FailValue:   {"value_failures", "has a wrong value"},
	FailMemory:  {"memory_failures", "shares memory with another field"},
	FailText:    {"text_failures", "the text of an event (event_to_string) cannot be made"},
	FailParse:   {"parse_failures", "an event cannot be parsed"},
}

// String is what is wrong, in words to stand behind the name of a field.
func (k FailureKind) String() string { return failureWords[k].words }

// Metric is the name of the kind in metrics.
func (k FailureKind) Metric() string { return failureWords[k].metric }

// Failing is a [Plugin] that tells what it failed at. The failures are those of all states
// of its module. It may be called from any goroutine.
type Failing interface{ Failures() *Failures }

// Failure is what a plugin failed at, and how often.
type Failure struct {
	Kind  FailureKind
	Field string // its name, "" if it is not about one field
	Count uint64
	// First and Last are the reasons of the first failure and of the last one.
	First, Last string
}

// Failures are the failures of a plugin that do not end anything: rules see no value, and
// the stream goes on. The first failure of a field is logged with its reason, further ones
// whenever their number has doubled, and all of them in the end ([Failures.Finish]). It may
// be used from any goroutine.
type Failures struct {
	plugin string
	log    *slog.Logger

	mu   sync.Mutex
	list []*counted
}

// counted is a failure with the count that was logged last.
type counted struct {
	Failure
	told uint64
}

// NewFailures returns no failures yet, of a plugin of that name.
func NewFailures(plugin string, log *slog.Logger) *Failures {
	return &Failures{plugin: plugin, log: log}
}

// Add counts n failures for the same reason, of each of the fields; without any they are
// not about a field.
func (f *Failures) Add(kind FailureKind, n uint64, why string, fields ...string) {
	why = strings.ToValidUTF8(why, "?")
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(fields) == 0 {
		fields = []string{""}
	}
	var tell []*counted
	for _, field := range fields {
		c := f.of(kind, field)
		if c.Count == 0 {
			c.First = why
		}
		c.Count += n
		c.Last = why
		if c.told == 0 || c.Count >= 2*c.told {
			c.told = c.Count
			tell = append(tell, c)
		}
	}
	for _, same := range groups(tell) {
		text := subject(same) + failureWords[kind].words + ": " + why
		if n := same[0].Count; n > 1 {
			text += fmt.Sprintf(" (%d times up to now)", n)
		}
		f.log.Warn("plugin " + f.plugin + ": " + text)
	}
}

// of returns the count of a kind and field. The caller holds the lock.
func (f *Failures) of(kind FailureKind, field string) *counted {
	for _, c := range f.list {
		if c.Kind == kind && c.Field == field {
			return c
		}
	}
	c := &counted{Failure: Failure{Kind: kind, Field: field}}
	f.list = append(f.list, c)
	return c
}

// groups puts together what can be told in one line: counts that are the same.
func groups(list []*counted) (all [][]*counted) {
	for _, c := range list {
		i := slices.IndexFunc(all, func(g []*counted) bool { return g[0].Kind == c.Kind && g[0].Count == c.Count })
		if i < 0 {
			all = append(all, nil)
			i = len(all) - 1
		}
		all[i] = append(all[i], c)
	}
	return all
}

// maxNamed is how many fields a line names.
const maxNamed = 8

// subject names the fields of a group: "field a: ", "fields a, b: ", or nothing.
func subject(group []*counted) string {
	var names []string
	for _, c := range group {
		if c.Field != "" {
			names = append(names, c.Field)
		}
	}
	more := ""
	if n := len(names) - maxNamed; n > 0 {
		names, more = names[:maxNamed], fmt.Sprintf(" and %d others", n)
	}
	switch {
	case len(names) == 0:
		return ""
	case len(names) == 1 && more == "":
		return "field " + names[0] + " "
	}
	return "each of the fields " + strings.Join(names, ", ") + more + " "
}

// All returns what has failed up to now, in the order of the first failures.
func (f *Failures) All() []Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]Failure, 0, len(f.list))
	for _, c := range f.list {
		list = append(list, c.Failure)
	}
	return list
}

// Finish logs the numbers that were not logged yet. A state does so when it is closed.
func (f *Failures) Finish() {
	f.mu.Lock()
	defer f.mu.Unlock()
	var untold []*counted
	for _, c := range f.list {
		if c.told != c.Count {
			c.told = c.Count
			untold = append(untold, c)
		}
	}
	for _, same := range groups(untold) {
		f.log.Warn(fmt.Sprintf("plugin %s: %s%s: %d times in all", f.plugin, subject(same), failureWords[same[0].Kind].words, same[0].Count))
	}
}
