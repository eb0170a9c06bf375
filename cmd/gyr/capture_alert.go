// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"

	"github.com/gyr-dev/gyr/alert"
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
func (c alertCapture) Match(e *event.Event, r *rules.Rule) error {
	return c.Trigger.Match(e, c.all || r.Capture, r.CaptureFor)
}

// recorder returns what records the events of an input around its alerts, nil if the
// configuration does not ask for it.
func (a *app) recorder() pipeline.Recorder {
	o := a.cfg.Capture
	if !o.Enabled {
		return nil
	}
	trigger := capture.NewTrigger(capture.TriggerOptions{
		Prefix: o.PathPrefix, Duration: o.DefaultDuration, MaxSize: o.MaxFileSize,
		Plugins: a.capturePlugins(),
		Full:    func(_ string, size int64) { a.captureFull(size) },
	})
	a.atEnd(trigger.Close)
	return alertCapture{trigger, o.AllRules}
}

// capturePlugins are the event sources of a run, for a capture's origin block.
func (a *app) capturePlugins() []capture.Plugin {
	var list []capture.Plugin
	for _, s := range a.sources {
		i := s.owner.info
		list = append(list, capture.Plugin{
			ID: i.ID, Name: i.Name, Version: i.Version, Source: s.name,
			ConfigDigest: capture.ConfigDigest(s.owner.cfg.InitConfig),
		})
	}
	return list
}

// captureFull sends the notice that the configured size ended a recording of that many bytes.
func (a *app) captureFull(size int64) {
	const rule = "Falco internal: capture size limit reached"
	now, limit := uint64(time.Now().UnixNano()), a.cfg.Capture.MaxFileSize>>20
	message := fmt.Sprintf("%s. Configured limit: %d MB.", rule, limit)
	e := a.encoder()
	line := e.AppendInternal(nil, rule, alert.Informational, now, message, []alert.Value{
		{Name: "max_file_size_mb", Kind: alert.ValueUint, Uint: uint64(limit)},
		{Name: "written_bytes", Kind: alert.ValueUint, Uint: uint64(size)},
	})
	alert.Send(a.sink, alert.Alert{Time: now, Rule: rule, Source: alert.Internal, Priority: alert.Informational, Line: line})
}
