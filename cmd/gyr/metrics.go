// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/metrics"
	"github.com/gyr-dev/gyr/pipeline"
)

// snapshots makes the metrics snapshots of a run.
type snapshots struct {
	a        *app
	reporter *metrics.Reporter
	inputs   []pipeline.Input
	states   map[string][]host.Plugin // by event source
	digests  map[string]string        // of rules and configuration files, by field
	last     map[string]tally
}

// tally is what the last snapshot of an event source counted.
type tally struct {
	events uint64
	at     time.Time
}

// checkMetrics checks the configuration's metrics as Falco does.
func (a *app) checkMetrics() error {
	m := &a.cfg.Metrics
	switch {
	case !m.Enabled:
		return nil
	case m.Interval < metrics.MinInterval:
		return errors.New("Metrics interval must have a minimum value of 100ms and reflect a Prometheus compliant time duration format: https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations. ") //nolint:revive,staticcheck // Falco's words
	case strings.Trim(m.IntervalText, "0123456789") == "":
		return errors.New("Metrics interval was passed as numeric value without Prometheus time unit. Please specify a time unit")
	case !m.OutputRule && m.OutputFile == "" && !a.cfg.Webserver.Prometheus:
		return errors.New("Metrics are enabled with no output configured. Please enable at least one output channel ('metrics.output_rule', 'metrics.output_file' or 'webserver.prometheus_metrics_enabled')")
	}
	a.log.Info(fmt.Sprintf("Setting metrics interval to %s, equivalent to %d (ms)", m.IntervalText, m.Interval.Milliseconds()))
	return nil
}

// addMetrics has the inputs make snapshots, if the configuration wants any.
func (a *app) addMetrics(inputs []pipeline.Input) error {
	m := &a.cfg.Metrics
	if !m.Enabled || !m.OutputRule && m.OutputFile == "" {
		return nil
	}
	s := &snapshots{a: a, inputs: inputs, states: map[string][]host.Plugin{}, last: map[string]tally{}, digests: a.digests()}
	opts := metrics.Options{Interval: m.Interval, Collect: s.collect, Encoder: a.encoder(), Empty: m.IncludeEmptyValues, Log: a.log}
	if m.OutputRule {
		opts.Send = func(al alert.Alert) { alert.Send(a.sink, al) }
	}
	if m.OutputFile != "" {
		file, err := os.OpenFile(m.OutputFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return fmt.Errorf("metrics.output_file: %w", err)
		}
		opts.File = file
		a.atEnd(file.Close)
	}
	s.reporter = metrics.New(opts)
	for i := range inputs {
		in := &inputs[i]
		name := in.Name
		if name == "" && len(a.sources) > 0 {
			name = a.sources[0].name // of a replay
		}
		s.states[name] = in.Plugins
		in.Between = s.reporter.Source(name).Poll
	}
	return nil
}

// collect adds the figures of an event source.
func (s *snapshots) collect(source string, f *metrics.Fields) {
	a, now, stats := s.a, time.Now(), s.a.pipeline.Stats()
	f.Set("evt.hostname", a.catalogue.hostname)
	f.Set("falco.version", falcoVersion)
	f.Set("falco.start_ts", uint64(a.started.UnixNano()))
	f.Set("falco.reload_ts", uint64(a.started.UnixNano()))
	f.Set("falco.duration_sec", uint64(now.Sub(a.started)/time.Second))
	f.Set("falco.host_num_cpus", uint64(runtime.NumCPU()))
	f.Set("falco.outputs_queue_num_drops", a.drops())
	f.Set("scap.engine_name", "source_plugin")
	f.Set("scap.n_drops_perc", 0.0)
	metrics.Host(f)
	for name, digest := range s.digests {
		f.Set(name, digest)
	}
	s.count(source, f, stats, now)
	if a.cfg.Metrics.ResourceUtilization {
		metrics.Resources(f, a.started, a.cfg.Metrics.ConvertMemoryToMB)
	}
	if a.cfg.Metrics.PluginsMetrics {
		s.pluginMetrics(source, f)
	}
}

// count adds the numbers of events and matches.
func (s *snapshots) count(source string, f *metrics.Fields, stats pipeline.Stats, now time.Time) {
	var events uint64
	for i := range s.inputs {
		if s.inputs[i].Name == source || len(s.inputs) == 1 {
			events = stats.Inputs[i]
		}
	}
	last := s.last[source]
	s.last[source] = tally{events, now}
	if last.events != 0 {
		f.Set("falco.evts_rate_sec", metrics.Tenth(float64(events-last.events)/now.Sub(last.at).Seconds()))
	}
	f.Set("falco.num_evts", events)
	f.Set("falco.num_evts_prev", last.events)
	if !s.a.cfg.Metrics.RulesCounters {
		return
	}
	var total uint64
	for _, r := range stats.Rules {
		total += r.Matches
		f.SetFull("falco.rules."+metrics.Clean(r.Name), r.Matches)
	}
	f.Set("falco.rules.matches_total", total)
}

// pluginMetrics adds the metrics of the plugins that the source's events meet.
func (s *snapshots) pluginMetrics(source string, f *metrics.Fields) {
	for _, p := range s.states[source] {
		if m, ok := p.(host.Metered); ok {
			for _, v := range m.Metrics() {
				f.SetFull("plugins."+p.Module().Info().Name+"."+v.Name, v.Value)
			}
		}
	}
}

// digests are the SHA-256 sums of the rules and configuration files.
func (a *app) digests() map[string]string {
	sums := map[string]string{}
	for _, r := range a.files {
		sums["falco.sha256_rules_file."+metrics.Clean(filepath.Base(r.Name))] = fmt.Sprintf("%x", sha256.Sum256(r.Content))
	}
	for _, c := range a.cfg.Files {
		if text, err := os.ReadFile(c.Path); err == nil { // it may be gone by now
			sums["falco.sha256_config_file."+metrics.Clean(filepath.Base(c.Path))] = fmt.Sprintf("%x", sha256.Sum256(text))
		}
	}
	return sums
}
