// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// FailureKind is the kind of a plugin failure.
type FailureKind uint8

// The kinds of failures.
const (
	// FailExtract: a field could not be extracted; rules see no value.
	FailExtract FailureKind = iota
	// FailValue: a value does not match its field.
	FailValue
	// FailMemory: the values of several fields are at the same address.
	FailMemory
	// FailText: the text of an event (evt.plugininfo) is not available.
	FailText
	// FailParse: an event could not be parsed.
	FailParse
)

// failureWords holds the names for metrics and the texts for the log, by kind. The text is placed
// between the field, if any, and the reason.
var failureWords = [...]struct{ metric, words string }{
	FailExtract: {"extract_failures", "cannot be extracted"},
	FailValue:   {"value_failures", "has a wrong value"},
	FailMemory:  {"memory_failures", "shares memory with another field"},
	FailText:    {"text_failures", "event_to_string failed"},
	FailParse:   {"parse_failures", "an event cannot be parsed"},
}

// String returns a description that follows the name of a field.
func (k FailureKind) String() string { return failureWords[k].words }

// Metric returns the name of the kind in metrics.
func (k FailureKind) Metric() string { return failureWords[k].metric }

// Failing is a [Plugin] that reports failures, for all states of its module. It is safe for
// concurrent use.
type Failing interface{ Failures() *Failures }

// Failure is one kind of failure of a plugin, with its count.
type Failure struct {
	Kind  FailureKind
	Field string // name of the field, "" if it does not concern a single field
	Count uint64
	// First and Last are the reasons of the first and the last failure.
	First, Last string
}

// Failures counts the failures of a plugin that do not end the stream: rules see no value. The
// first failure of a field is logged with its reason, further ones each time their number
// doubles, and the total at the end ([Failures.Finish]). It is safe for concurrent use.
type Failures struct {
	plugin string
	log    *slog.Logger

	mu   sync.Mutex
	list []*counted
}

// counted is a failure with the last logged count.
type counted struct {
	Failure
	told uint64
}

// NewFailures returns an empty Failures for the plugin with that name.
func NewFailures(plugin string, log *slog.Logger) *Failures {
	return &Failures{plugin: plugin, log: log}
}

// Add counts n failures with the same reason for each of the fields. Without fields, the failures
// do not concern a field.
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
			text += fmt.Sprintf(" (%d times so far)", n)
		}
		f.log.Warn("plugin " + f.plugin + ": " + text)
	}
}

// of returns the count of a kind and field. The caller must hold the lock.
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

// groups groups failures with equal counts, to log them in one line.
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

// maxNamed is the maximum number of fields in a line.
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

// All returns all failures so far, in the order of their first occurrence.
func (f *Failures) All() []Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := make([]Failure, 0, len(f.list))
	for _, c := range f.list {
		list = append(list, c.Failure)
	}
	return list
}

// Finish logs the counts that were not logged yet. A state calls it when it is closed.
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
		f.log.Warn(fmt.Sprintf("plugin %s: %s%s: %d times in total", f.plugin, subject(same), failureWords[same[0].Kind].words, same[0].Count))
	}
}
