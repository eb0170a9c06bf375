// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"sync"

	"github.com/gyr-dev/gyr/event"
)

// Part is a plan of a plugin that finds its values with one [Set]. Parts of several plugins
// can share a scan of an event ([Join]).
type Part interface {
	// Share adds the part's paths to b and returns a Shared that uses the results of a scan
	// with b's set.
	Share(b *Builder) Shared
}

// Shared converts the results of a scan to values. It is immutable.
type Shared interface {
	// Requests returns the number of values.
	Requests() int
	// Take sets out for an event; all values are absent on entry. err is the error of the
	// scan. r is valid during the call.
	Take(e *event.Event, r *Result, err error, out []event.Value, mem *event.Arena) error
}

// Join returns a plan that extracts the values of part, then those of other, in one scan. It
// returns nil if other is not a [Part].
//
// P is the interface of plans, sdk.Plan. The result implements it and can be joined again. It
// is a type parameter so that this package does not import sdk.
func Join[P any](part Part, other P) P {
	var none P
	second, ok := any(other).(Part)
	if !ok {
		return none
	}
	j := &joined{parts: [2]Part{part, second}}
	var b Builder
	for i, p := range j.parts {
		j.shared[i] = p.Share(&b)
	}
	j.set = b.Build()
	plan, _ := any(joinable[P]{j}).(P)
	return plan
}

// joinable adds the method Join to a joined plan, with the types of sdk.Joiner.
type joinable[P any] struct{ *joined }

// Join implements sdk.Joiner.
func (j joinable[P]) Join(other P) P { return Join(Part(j), other) }

// joined is itself a Part, so that a third one can join.
type joined struct {
	parts  [2]Part
	shared [2]Shared
	set    *Set
}

var results = sync.Pool{New: func() any { return new(Result) }}

// Extract implements sdk.Plan.
func (j *joined) Extract(e *event.Event, out []event.Value, mem *event.Arena) error {
	r := results.Get().(*Result)
	scanErr := j.set.Scan(e.Data, r)
	err := j.take(e, r, scanErr, out, mem)
	r.Forget()
	results.Put(r)
	return err
}

func (j *joined) take(e *event.Event, r *Result, scanErr error, out []event.Value, mem *event.Arena) (err error) {
	for _, s := range j.shared {
		n := s.Requests()
		if e := s.Take(e, r, scanErr, out[:n:n], mem); err == nil {
			err = e
		}
		out = out[n:]
	}
	return err
}

// Share implements [Part].
func (j *joined) Share(b *Builder) Shared {
	return &joined{shared: [2]Shared{j.parts[0].Share(b), j.parts[1].Share(b)}}
}

// Requests implements [Shared].
func (j *joined) Requests() int { return j.shared[0].Requests() + j.shared[1].Requests() }

// Take implements [Shared].
func (j *joined) Take(e *event.Event, r *Result, err error, out []event.Value, mem *event.Arena) error {
	return j.take(e, r, err, out, mem)
}
