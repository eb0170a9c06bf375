// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/pipeline"
)

// change is what a new configuration does to the inputs.
type change struct {
	old, next *assembly.Assembly
	ends      []*input         // read no more
	begins    []pipeline.Input // open, to be read
	closed    []*input         // of ends: closed already, as their successor wanted it
}

// change opens the sources that the new assembly has and the old one has not, or has with
// another configuration. It opens before it closes. A source that cannot be opened while
// its predecessor is open, since both want the same address or lock, gets its turn after
// that one is closed. After an error the inputs are what they were.
func (s *stream) change(ctx context.Context, old, next *assembly.Assembly) (*change, error) {
	ch := &change{old: old, next: next}
	for _, src := range next.Enabled() {
		before := s.input(src.Name)
		if src.Kept && old.IsEnabled(src.Name) {
			continue // it goes on, or has come to its end
		}
		if before != nil {
			ch.ends = append(ch.ends, before)
		}
		in, err := s.openChanged(ctx, ch, src, before)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("source %s: %w", src.Name, err), s.rollBack(ctx, ch))
		}
		ch.begins = append(ch.begins, in)
	}
	for _, i := range s.inputs {
		if !next.IsEnabled(i.name) {
			ch.ends = append(ch.ends, i)
		}
	}
	return ch, nil
}

// inUse reports whether an error of Open says that something is in use, which the
// predecessor may hold. Errors of libraries are nothing but text.
func inUse(err error) bool {
	for _, words := range []string{"in use", "used by another process", "Only one usage of each socket address"} {
		if strings.Contains(err.Error(), words) {
			return true
		}
	}
	return false
}

// openChanged opens a source, if need be after its predecessor is closed. Another mistake
// leaves the predecessor alone: a source of files would begin anew.
func (s *stream) openChanged(ctx context.Context, ch *change, src *assembly.Source, before *input) (pipeline.Input, error) {
	in, err := ch.next.OpenSource(src, s.recorder(ch.next)())
	if err == nil || before == nil || before.running == nil || !inUse(err) {
		return in, err
	}
	select {
	case <-before.running.Done():
		return ch.next.OpenSource(src, s.recorder(ch.next)()) // it has ended by itself, so it is not opened again
	default:
	}
	before.running.Stop()
	select {
	case <-before.running.Done():
	case <-ctx.Done():
		return in, ctx.Err()
	}
	ch.closed = append(ch.closed, before)
	if stopErr := before.running.Err(); errors.Is(stopErr, pipeline.ErrStuck) {
		return in, errors.Join(err, stopErr)
	}
	return ch.next.OpenSource(src, s.recorder(ch.next)())
}

// rollBack closes what was opened and opens again what was closed. What cannot be opened is
// tried again later, even if the configuration lets failures end the run: this one is the
// reload's.
func (s *stream) rollBack(ctx context.Context, ch *change) error {
	err := assembly.CloseInputs(ch.begins)
	for _, before := range ch.closed {
		stopErr := before.running.Err()
		if s.noteStuck(stopErr); s.stuck != nil {
			continue
		}
		err = errors.Join(err, stopErr, before.endRecording())
		s.remove(before)
		i := &input{name: before.name}
		s.inputs = append(s.inputs, i)
		in, openErr := ch.old.OpenSource(ch.old.Source(before.name), s.recorder(ch.old)())
		if openErr != nil {
			err = errors.Join(err, fmt.Errorf("source %s: opening it again as it was: %w", before.name, openErr))
			s.later(i, openErr)
			continue
		}
		s.begin(ctx, i, in)
	}
	return err
}

// input returns the input of that name; nil if there is none.
func (s *stream) input(name string) *input {
	if i := slices.IndexFunc(s.inputs, func(i *input) bool { return i.name == name }); i >= 0 {
		return s.inputs[i]
	}
	return nil
}

func (s *stream) remove(i *input) {
	s.inputs = slices.DeleteFunc(s.inputs, func(j *input) bool { return j == i })
}

// stop ends the inputs that are read no more, and waits until what they have read is
// evaluated or they turn out to be stuck: until then their plugins must not be closed. It
// returns what went wrong.
func (c *change) stop() (err error) {
	for _, i := range c.ends {
		if i.running != nil {
			i.running.Stop()
		} else {
			i.timer.Stop()
		}
	}
	for _, i := range c.ends {
		if i.running != nil {
			err = errors.Join(err, i.running.Err())
		}
	}
	return err
}
