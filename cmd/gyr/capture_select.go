// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/rules"
)

// selection finds the events of a capture that a condition is true for. It makes a rule of
// the condition for each event source that the capture turns out to have.
type selection struct {
	asm       *assembly.Assembly
	log       *slog.Logger
	condition string   // "" is every event
	output    string   // a template
	fields    []string // those of output that were typed
	workers   map[string]*engine.Worker
	failed    error // the first source for which the condition makes no sense
	worked    bool
	first     uint64
	started   bool
}

func (a *app) newSelection(asm *assembly.Assembly, condition, output string, fields ...string) *selection {
	if condition == "" {
		condition = "evt.num > 0"
	}
	return &selection{asm: asm, log: a.log, condition: condition, output: output, fields: fields, workers: map[string]*engine.Worker{}}
}

// worker returns what evaluates events of the source, or nil if the condition cannot be
// used for them.
func (s *selection) worker(source string) *engine.Worker {
	if w, ok := s.workers[source]; ok {
		return w
	}
	w, err := s.compile(source)
	s.workers[source] = w
	if err != nil {
		if s.failed == nil {
			s.failed = err
		}
		reason, _, _ := strings.Cut(err.Error(), "\n")
		s.log.Warn(fmt.Sprintf("the condition cannot be used for events of %s, which are left out: %s", source, reason))
		return nil
	}
	s.worked = true
	return w
}

func (s *selection) compile(source string) (*engine.Worker, error) {
	for _, f := range s.fields {
		if _, report, err := s.load(source, "evt.num > 0", "%"+f); err != nil || !report.Ok() {
			return nil, errors.Join(s.badField(source, f), err)
		}
	}
	set, report, err := s.load(source, s.condition, s.output)
	if err == nil {
		err = report.TypedFailure("condition")
	}
	if err != nil {
		return nil, err
	}
	program, err := engine.New(set.Sources[source], engine.Options{})
	if err != nil {
		return nil, err
	}
	return program.NewWorker(), nil
}

// load compiles a rule of a condition and an output.
func (s *selection) load(source, condition, output string) (*rules.Ruleset, *rules.Report, error) {
	rule := map[string]string{
		"rule": "selection", "desc": "selection", "priority": "DEBUG", "source": source, "output": output, "condition": condition,
	}
	text, err := json.Marshal([]any{rule}) // which is YAML too
	if err != nil {
		return nil, nil, err
	}
	set, report := rules.Load([]rules.File{{Name: "condition", Content: text}}, rules.Options{
		Catalogue: s.asm.Catalogue.Fields, Falco: s.asm.Config.Falco, MinPriority: alert.Debug,
	})
	return set, report, nil
}

// badField is the error about a field that cannot be printed.
func (s *selection) badField(source, field string) error {
	name, _, _ := strings.Cut(field, "[")
	if near := s.asm.Catalogue.Fields.Nearest(source, name); near != "" && near != name {
		return fmt.Errorf("field %s: the event source %s has no such field; did you mean %s?", field, source, near)
	}
	return fmt.Errorf("field %s: the event source %s has no such field, or not in this form", field, source)
}

// start is the time of the first event of the file that is not async.
func (s *selection) start(b *event.Batch) uint64 {
	for i := 0; i < len(b.Events) && !s.started; i++ {
		if !b.Events[i].IsAsync() {
			s.started, s.first = true, b.Events[i].Time
		}
	}
	return s.first
}

// run calls h for each event that is selected, in the file's order. A condition that
// makes sense for no source of the file is an error.
func (s *selection) run(ctx context.Context, r *capture.Reader, h engine.Handler) error {
	err := capture.Each(ctx, r, func(b *event.Batch) error {
		b.Start = s.start(b)
		if b.StateOnly {
			return nil
		}
		w := s.worker(b.Source)
		if w == nil {
			return nil
		}
		return w.Run(b, h)
	})
	if err == nil && !s.worked {
		err = s.failed
	}
	return err
}
