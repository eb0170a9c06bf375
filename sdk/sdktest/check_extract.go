// SPDX-License-Identifier: Apache-2.0

package sdktest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
)

// refs returns references to all fields, with and without arguments.
func (k *checker) refs() []fields.Ref {
	var refs []fields.Ref
	args := append([]string{"0", "1", "a"}, k.opts.Arguments...)
	for i := range k.info.Fields {
		f := &k.info.Fields[i]
		names := []string{f.Name}
		if f.Arg.Required {
			names = nil
		}
		if f.Arg.Allowed() {
			for _, a := range args {
				names = append(names, f.Name+"["+a+"]")
			}
		}
		for _, name := range names {
			if r, err := k.host.cat.Resolve(k.host.source(), name); err == nil {
				refs = append(refs, r)
			}
		}
	}
	return refs
}

// samples returns the events to extract fields from.
func (k *checker) samples() []Event {
	events := k.events[:min(len(k.events), 200)]
	for _, p := range k.opts.Payloads {
		events = append(events, k.host.NewEvent(p))
	}
	return events
}

// checkExtract extracts all fields twice.
func (k *checker) checkExtract() {
	events, refs := k.samples(), k.refs()
	if len(events) == 0 {
		k.skipf("no events to extract from; pass some payloads")
		return
	}
	before := k.failures()
	rows, err := k.host.extract(events, refs)
	if err != nil {
		k.errorf("%v", err)
		return
	}
	defer k.faults(before)
	again, err := k.host.extract(events, refs)
	if err != nil {
		k.errorf("second extraction: %v", err)
		return
	}
	present := map[string]bool{}
	changed := map[string]bool{}
	for i := range rows {
		for j, r := range refs {
			present[r.Field.Name] = present[r.Field.Name] || rows[i][j].Present
			if !changed[r.Field.Name] && !same(rows[i][j], again[i][j]) {
				changed[r.Field.Name] = true
				k.warnf("%s of event %d is first %s, then %s", r, i+1, Format(r.Field.Type, rows[i][j]), Format(r.Field.Type, again[i][j]))
			}
			if s := rows[i][j].Str; !changed[r.Field.Name] && strings.IndexByte(s, 0) >= 0 && len(s) != 4 && len(s) != 16 {
				changed[r.Field.Name] = true
				k.warnf("%s of event %d contains a NUL: hosts read strings up to the first NUL", r, i+1)
			}
		}
	}
	var never []string
	for i := range k.info.Fields {
		if f := &k.info.Fields[i]; !present[f.Name] && !f.Hidden() {
			never = append(never, f.Name)
		}
	}
	if len(never) == len(k.info.Fields) {
		k.warnf("no field had a value in any of %d events", len(events))
	} else if len(never) > 0 && len(events) >= 100 {
		k.warnf("no value in any of %d events: %s", len(events), strings.Join(never, ", "))
	}
}

// checkSingly compares the results of one call with those of separate calls.
func (k *checker) checkSingly() {
	events, refs := k.samples(), k.refs()
	if len(events) == 0 {
		k.skipf("no events to extract from")
		return
	}
	events = events[:min(len(events), 50)]
	together, err := k.host.extract(events, refs)
	if err != nil {
		k.errorf("%v", err)
		return
	}
	again, err := k.host.extract(events, refs)
	if err != nil {
		k.errorf("%v", err)
		return
	}
	for j, r := range refs {
		for i := range events {
			one, err := k.host.extract(events[i:i+1], []fields.Ref{r})
			if err != nil {
				k.errorf("%s: %v", r, err)
				return
			}
			if same(together[i][j], again[i][j]) && !same(one[0][0], together[i][j]) {
				k.errorf("%s of event %d is %s if requested alone, but %s together with other fields", r, i+1,
					Format(r.Field.Type, one[0][0]), Format(r.Field.Type, together[i][j]))
				break
			}
		}
	}
}

// checkOdd extracts from unexpected events.
func (k *checker) checkOdd() {
	var events []Event
	for _, p := range []string{"", "\x00", "{", "[", `{"a":`, `{"a": {"a": null}}`, "\xff\xfe", "0", strings.Repeat("[", 2000), strings.Repeat("x", 1<<16)} {
		events = append(events, k.host.NewEvent([]byte(p)))
	}
	if len(k.events) > 0 {
		for _, n := range []int{1, 7, 50} {
			if data := k.events[0].Data; len(data) > n {
				events = append(events, k.host.NewEvent(data[:n]))
			}
		}
	}
	before := k.failures()
	if _, err := k.host.extract(events, k.refs()); err != nil {
		k.errorf("%v", err)
	}
	for _, f := range k.since(before) {
		if f.Kind != host.FailExtract && f.Kind != host.FailText || strings.HasPrefix(f.Last, "panic:") {
			k.errorf("on unexpected events: %s", f.words())
		}
	}
}

// failure is a failure of the plugin during a check.
type failure host.Failure

func (f failure) words() string {
	text := f.Kind.String() + ": " + f.Last
	if f.Field != "" {
		text = f.Field + " " + text
	}
	if f.Count > 1 {
		text += fmt.Sprintf(" (%d times)", f.Count)
	}
	return text
}

// failures returns all failures of the plugin so far.
func (k *checker) failures() []host.Failure {
	if f, ok := k.host.Plugin.(host.Failing); ok {
		return f.Failures().All()
	}
	return nil
}

// since returns the failures of the plugin after those in before.
func (k *checker) since(before []host.Failure) (list []failure) {
	for i, f := range k.failures() {
		if i < len(before) {
			f.Count -= before[i].Count
		}
		if f.Count > 0 {
			list = append(list, failure(f))
		}
	}
	return list
}

// faults reports failures on valid events. A plugin may fail to extract a field, but it must not
// panic or return wrong values.
func (k *checker) faults(before []host.Failure) {
	for _, f := range k.since(before) {
		switch {
		case f.Kind != host.FailExtract || strings.HasPrefix(f.Last, "panic:"):
			k.errorf("%s", f.words())
		case !k.guessed(f.Field):
			k.warnf("%s", f.words())
		}
	}
}

// guessed reports whether a field was asked with arguments that it may well refuse.
func (k *checker) guessed(field string) bool {
	i := slices.IndexFunc(k.info.Fields, func(f abi.FieldInfo) bool { return f.Name == field })
	return i >= 0 && k.info.Fields[i].Arg.Allowed() && len(k.opts.Arguments) == 0
}

func same(a, b event.Value) bool { return reflect.DeepEqual(a, b) }
