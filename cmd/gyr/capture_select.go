// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
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
	condition string // "" is every event
	output    string // a template
	workers   map[string]*engine.Worker
	failed    error // the first source for which the condition makes no sense
	worked    bool
	first     uint64
	started   bool
}

func (a *app) newSelection(asm *assembly.Assembly, condition, output string) *selection {
	if condition == "" {
		condition = "evt.num > 0"
	}
	return &selection{asm: asm, log: a.log, condition: condition, output: output, workers: map[string]*engine.Worker{}}
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
		s.log.Warn(fmt.Sprintf("events of source %s are left out: the condition or a field is not for them", source))
		return nil
	}
	s.worked = true
	return w
}

func (s *selection) compile(source string) (*engine.Worker, error) {
	output, err := json.Marshal(s.output) // which is YAML too
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("- rule: selection\n  desc: selection\n  priority: DEBUG\n  source: %s\n  output: %s\n  condition: |\n    %s\n",
		source, output, strings.Join(strings.Fields(s.condition), " "))
	set, report := rules.Load([]rules.File{{Name: "condition", Content: []byte(text)}}, rules.Options{
		Catalogue: s.asm.Catalogue.Fields, MinPriority: alert.Debug,
	})
	if err := report.Failure(); err != nil {
		return nil, err
	}
	program, err := engine.New(set.Sources[source], engine.Options{})
	if err != nil {
		return nil, err
	}
	return program.NewWorker(), nil
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
