// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"fmt"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/pipeline"
	"github.com/gyr-dev/gyr/rules"
)

// alertCapture records the events after matches: falco.yaml's capture.
type alertCapture struct {
	*capture.Trigger
	all bool // every rule begins a recording, not only those with capture: true
}

// Match implements [pipeline.Recorder].
func (c *alertCapture) Match(e *event.Event, r *rules.Rule) error {
	return c.Trigger.Match(e, c.all || r.Capture, r.CaptureFor)
}

// recorder returns what makes the recorder of an input, or nil for each if the configuration
// wants no recordings.
func (s *stream) recorder(asm *assembly.Assembly) func() pipeline.Recorder {
	o := asm.Config.Capture
	if !o.Enabled {
		return func() pipeline.Recorder { return nil }
	}
	return func() pipeline.Recorder {
		return &alertCapture{capture.NewTrigger(capture.TriggerOptions{
			Prefix: o.PathPrefix, Duration: o.DefaultDuration, MaxSize: o.MaxFileSize,
			Plugins: provenance(asm),
			Full:    func(_ string, size int64) { s.captureFull(asm, size) },
		}), o.AllRules}
	}
}

// endRecording ends the recording of an input that is done.
func (i *input) endRecording() error {
	if i.recorder == nil {
		return nil
	}
	defer func() { i.recorder = nil }()
	return i.recorder.Close()
}

// provenance says which plugins make the events of the run.
func provenance(asm *assembly.Assembly) []capture.Plugin {
	var list []capture.Plugin
	for _, src := range asm.Sources {
		list = append(list, src.Owner.Provenance(src.Name))
	}
	return list
}

// captureFull sends the notice that the configured size ended a recording of that many bytes.
func (s *stream) captureFull(asm *assembly.Assembly, size int64) {
	const rule = "Falco internal: capture size limit reached"
	now, limit := uint64(time.Now().UnixNano()), asm.Config.Capture.MaxFileSize>>20
	message := fmt.Sprintf("%s. Configured limit: %d MB.", rule, limit)
	e := asm.Encoder()
	line := e.AppendInternal(nil, rule, alert.Informational, now, message, []alert.Value{
		{Name: "max_file_size_mb", Kind: alert.ValueUint, Uint: uint64(limit)},
		{Name: "written_bytes", Kind: alert.ValueUint, Uint: uint64(size)},
	})
	alert.Send(s.out.sink, alert.Alert{Time: now, Rule: rule, Source: alert.Internal, Priority: alert.Informational, Line: line})
}
