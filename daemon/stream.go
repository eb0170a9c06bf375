// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"errors"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/pipeline"
)

// stream is the running stream of an assembly.
type stream struct {
	asm       *assembly.Assembly
	out       *outputs
	opts      Options
	pipeline  *pipeline.Pipeline
	recorders []*alertCapture // of the inputs
}

// newStream prepares a stream. Nothing is opened yet.
func newStream(a *assembly.Assembly, out *outputs, o Options) *stream {
	return &stream{asm: a, out: out, opts: o, pipeline: pipeline.New(pipeline.Config{
		Generation: a.Generation(), Sink: out.sink, MaxTime: o.MaxTime, NewArena: assembly.NewArena, Log: o.Log,
	})}
}

// run opens the event sources and runs the rules on their events until they end, one of
// them fails, or ctx is done.
func (s *stream) run(ctx context.Context) error {
	inputs, err := s.asm.Open(s.recorder())
	if err != nil {
		return errors.Join(err, s.closeRecorders())
	}
	if len(inputs) == 0 {
		s.opts.Log.Warn("There is no event source to read from: load a plugin that has one (gyr plugin list)")
	}
	m, err := s.addMetrics(inputs)
	if err != nil {
		return errors.Join(err, assembly.CloseInputs(inputs), s.closeRecorders())
	}
	for _, in := range inputs {
		s.pipeline.Add(in)
	}
	stop := func() {}
	if s.opts.Watch != nil {
		stop = s.opts.Watch(s.pipeline)
	}
	err = s.pipeline.Run(ctx)
	stop()
	return errors.Join(err, s.closeRecorders(), m.close())
}
