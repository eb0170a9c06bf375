// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/internal/falcolog"
	"github.com/gyr-dev/gyr/pipeline"
)

// falcoReload is what Falco logs, whatever it was that asked for a reload.
const falcoReload = "SIGHUP received, restarting..."

// askedBySignal is why a reload happens that a signal asked for.
const askedBySignal = "SIGHUP received"

// reload replaces the configuration in force by the one that is in the files now. A
// failure changes nothing: it is logged, an alert tells of it, and the stream goes on.
func (s *stream) reload(ctx context.Context, why string) error {
	switch {
	case s.opts.Load == nil || s.stopping || ctx.Err() != nil:
		return errNoReload
	case s.now.Load().asm.Replaying():
		s.opts.Log.Warn(why + ": the configuration of a replay cannot be loaded again")
		return errNoReload
	}
	text := falcoReload
	if why != askedBySignal {
		text = why + ": " + text
	}
	s.opts.Log.Info(text)
	err := s.replace(ctx)
	if err != nil && ctx.Err() == nil {
		s.reloadFailed(err)
	}
	return err
}

// replace does the steps of a reload. Up to the last one that can fail, the present
// configuration stays in force.
func (s *stream) replace(ctx context.Context) error {
	old := s.now.Load()
	s.watch.reading()
	cfg, err := s.opts.Load()
	if err != nil {
		return err
	}
	if err := replaceable(old.asm.Config, cfg); err != nil {
		return err
	}
	o := s.opts.Build
	o.Previous = old.asm
	next, err := assembly.Build(cfg, o)
	if err != nil {
		return err
	}
	if err := worthwhile(old.asm, next); err != nil {
		return errors.Join(err, next.Close())
	}
	ch, err := s.change(ctx, old.asm, next)
	switch {
	case s.stuck != nil:
		return err // no call more into its library
	case err != nil:
		return errors.Join(err, next.Close())
	}
	s.commit(ctx, old.asm, next, ch)
	return nil
}

// commit puts the new configuration in force.
func (s *stream) commit(ctx context.Context, old, next *assembly.Assembly, ch *change) {
	if err := ch.stop(); err != nil {
		s.opts.Log.Error("closing a source: " + err.Error())
		s.noteStuck(err)
	}
	s.now.Store(&current{next, digests(next), time.Now()})
	retired := s.pipeline.Swap(next.Generation())
	for _, i := range ch.ends {
		if err := i.endRecording(); err != nil {
			s.opts.Log.Error("source " + i.name + ": " + err.Error())
		}
		s.remove(i)
	}
	for _, in := range ch.begins {
		i := &input{name: in.Name}
		s.inputs = append(s.inputs, i)
		s.begin(ctx, i, in)
	}
	falcolog.SetLevel(s.opts.Log, falcolog.Level(next.Config.Log.Level))
	next.TakeOver()
	s.watch.follow(next)
	s.closeRetired(ctx, old, retired)
	s.opts.Log.Info(fmt.Sprintf("Configuration loaded again: %d rules (%d before), sources opened: %s, sources closed: %s",
		next.Rules.Rules, old.Rules.Rules, namesOrNone(ch.begins, func(in pipeline.Input) string { return in.Name }),
		namesOrNone(ch.ends, func(i *input) string { return i.name })))
}

// closeRetired closes a replaced assembly when no batch uses it any more. If a source is stuck
// it stays open, since a call into a plugin still runs.
func (s *stream) closeRetired(ctx context.Context, old *assembly.Assembly, retired <-chan struct{}) {
	if s.stuck != nil {
		return
	}
	select {
	case <-retired:
		if err := old.Close(); err != nil {
			s.opts.Log.Error("closing what the new configuration does not use: " + err.Error())
		}
	case <-ctx.Done():
		s.left = append(s.left, old) // batches still use it
	}
}

// noteStuck ends the run if an input that a reload stopped did not return.
func (s *stream) noteStuck(err error) {
	if errors.Is(err, pipeline.ErrStuck) {
		s.stuck = err
	}
}

func namesOrNone[T any](list []T, name func(T) string) string {
	var names []string
	for _, x := range list {
		names = append(names, name(x))
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

// closeBuilt closes the assemblies of reloads. first, which is the caller's, is not among
// them, unless there was a reload.
func (s *stream) closeBuilt(first *assembly.Assembly) (err error) {
	if now := s.now.Load().asm; now != first {
		err = now.Close()
	}
	for _, a := range s.left {
		err = errors.Join(err, a.Close())
	}
	return err
}

// worthwhile refuses a configuration without rules where there were some: that is a mistake
// more often than a wish.
func worthwhile(old, next *assembly.Assembly) error {
	if next.Rules.Rules == 0 && old.Rules.Rules > 0 {
		return fmt.Errorf("the new configuration has no rules (%d before)", old.Rules.Rules)
	}
	return nil
}

// keysAtStart are the keys of the configuration whose values count only when gyr starts.
var keysAtStart = []string{"engine", "capture", "metrics", "webserver", "spool", "log_stderr", "log_syslog"}

// replaceable returns an error that names the changed keys that a reload cannot change.
func replaceable(old, next *config.Config) error {
	var keys []string
	for _, k := range next.Changed(old) {
		if slices.Contains(keysAtStart, k) {
			keys = append(keys, k)
		}
	}
	if keys == nil {
		return nil
	}
	return fmt.Errorf("restart gyr to change %s", strings.Join(keys, ", "))
}

// errNoReload says that nothing can be loaded again.
var errNoReload = errors.New("the configuration cannot be loaded again")

// reloadFailed reports a failed reload as Falco does, and as an alert.
func (s *stream) reloadFailed(err error) {
	const rule = "Falco internal: hot restart failure"
	s.opts.Log.Error("The configuration in force stays: " + err.Error())
	first, _, _ := strings.Cut(err.Error(), "\n") // an alert is one line
	message := rule + ": " + first
	now, e := uint64(time.Now().UnixNano()), s.now.Load().asm.Encoder()
	line := e.AppendInternal(nil, rule, alert.Critical, now, message, nil)
	alert.Send(s.out.sink, alert.Alert{Time: now, Rule: rule, Source: alert.Internal, Priority: alert.Critical, Line: line})
}
