// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/pipeline"
)

// Open opens the event sources that are enabled, or the capture file of a replay. record,
// if not nil, makes the recorder of each input. The caller runs a pipeline over the inputs,
// which closes them, or calls [CloseInputs].
func (a *Assembly) Open(record func() pipeline.Recorder) ([]pipeline.Input, error) {
	if record == nil {
		record = func() pipeline.Recorder { return nil }
	}
	if a.Replaying() {
		return a.openCapture(record())
	}
	a.logSources()
	var inputs []pipeline.Input
	for _, s := range a.Enabled() {
		in, err := a.OpenSource(s, record())
		if err != nil {
			return nil, errors.Join(err, CloseInputs(inputs))
		}
		inputs = append(inputs, in)
	}
	return inputs, nil
}

// Enabled returns the event sources that are to be read, in load order.
func (a *Assembly) Enabled() []*Source {
	return slices.DeleteFunc(slices.Clone(a.Sources), func(s *Source) bool { return !slices.Contains(a.enabled, s.Name) })
}

// IsEnabled reports whether the event source of that name is to be read.
func (a *Assembly) IsEnabled(name string) bool {
	return a.Source(name) != nil && slices.Contains(a.enabled, name)
}

// OpenSource opens an event source. r, which may be nil, records its events.
func (a *Assembly) OpenSource(s *Source, r pipeline.Recorder) (pipeline.Input, error) {
	a.opts.Log.Info(fmt.Sprintf("Opening '%s' source with plugin '%s'", s.Name, s.Owner.Config.Name))
	stream, err := s.Stream.Open(s.Owner.Config.OpenParams)
	if err != nil {
		return pipeline.Input{}, err
	}
	return pipeline.Input{
		Name: s.Name, Stream: stream, Workers: s.Workers(), Recorder: r,
		Plugins: s.States, Live: true, PluginID: s.Owner.Info.ID,
	}, nil
}

// CloseInputs closes streams that no pipeline will read.
func CloseInputs(inputs []pipeline.Input) error {
	var err error
	for _, in := range inputs {
		err = errors.Join(err, in.Stream.Close())
	}
	return err
}

// openCapture opens the capture file of a replay. Its events find their source by the id
// of their plugin.
func (a *Assembly) openCapture(r pipeline.Recorder) ([]pipeline.Input, error) {
	workers := runtime.GOMAXPROCS(0)
	for _, s := range a.Sources {
		workers = min(workers, s.Workers())
	}
	path := a.Config.Engine.CaptureFile
	file, err := capture.Open(path, capture.ReaderOptions{Sources: a.SourceOf, Log: a.opts.Log})
	if err != nil {
		return nil, fmt.Errorf("Could not open trace filename %s for reading: %w", path, err)
	}
	a.opts.Log.Info("Replaying events from the capture file: " + path)
	return []pipeline.Input{{Stream: file, Workers: workers, Recorder: r, Plugins: a.replayed}}, nil
}

// Generation is what the pipeline does with events. The assembly must be [Compiled].
func (a *Assembly) Generation() *pipeline.Generation {
	return &pipeline.Generation{Programs: a.Programs, Encoder: a.Encoder()}
}

// Encoder returns how the alerts of this configuration are written.
func (a *Assembly) Encoder() alert.Encoder {
	j := &a.Config.JSON
	return alert.Encoder{
		JSON: j.Output, Falco: a.Config.Falco, ISO8601: a.Config.TimeISO8601, Offset: a.Catalogue.offset, Hostname: a.Catalogue.Hostname,
		IncludeOutput: j.WithOutput, IncludeMessage: j.WithMessage, IncludeFields: j.WithFields, IncludeTags: j.WithTags,
		IncludeID: j.WithID, IDs: j.WithID || a.Config.Outputs.HTTP.Enabled,
	}
}
