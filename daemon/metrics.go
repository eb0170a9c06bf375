// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/metrics"
	"github.com/gyr-dev/gyr/pipeline"
)

// snapshots makes the metrics snapshots of a run.
type snapshots struct {
	stream   *stream
	reporter *metrics.Reporter
	file     *os.File // nil if they go to no file
	last     map[string]tally
}

// tally is what the last snapshot of an event source counted.
type tally struct {
	events uint64
	at     time.Time
}

// checkMetrics checks the configuration's metrics as Falco does.
func checkMetrics(m *config.Metrics, prometheus bool, log *slog.Logger) error {
	switch {
	case !m.Enabled:
		return nil
	case m.Interval < metrics.MinInterval:
		return errors.New("Metrics interval must have a minimum value of 100ms and reflect a Prometheus compliant time duration format: https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations. ") //nolint:revive,staticcheck // Falco's words
	case strings.Trim(m.IntervalText, "0123456789") == "":
		return errors.New("Metrics interval was passed as numeric value without Prometheus time unit. Please specify a time unit")
	case !m.OutputRule && m.OutputFile == "" && !prometheus:
		return errors.New("Metrics are enabled with no output configured. Please enable at least one output channel ('metrics.output_rule', 'metrics.output_file' or 'webserver.prometheus_metrics_enabled')")
	}
	log.Info(fmt.Sprintf("Setting metrics interval to %s, equivalent to %d (ms)", m.IntervalText, m.Interval.Milliseconds()))
	return nil
}

// newSnapshots prepares what makes the snapshots. It returns nil if the configuration wants
// none.
func (s *stream) newSnapshots() (*snapshots, error) {
	asm := s.now.Load().asm
	m := &asm.Config.Metrics
	if !m.Enabled || !m.OutputRule && m.OutputFile == "" {
		return nil, nil
	}
	n := &snapshots{stream: s, last: map[string]tally{}}
	opts := metrics.Options{Interval: m.Interval, Collect: n.collect, Encoder: asm.Encoder(), Empty: m.IncludeEmptyValues, Log: s.opts.Log}
	if m.OutputRule {
		opts.Send = func(al alert.Alert) { alert.Send(s.out.sink, al) }
	}
	if m.OutputFile != "" {
		file, err := os.OpenFile(m.OutputFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			return nil, fmt.Errorf("metrics.output_file: %w", err)
		}
		opts.File, n.file = file, file
	}
	n.reporter = metrics.New(opts)
	return n, nil
}

// between returns what an input calls between two reads, see [pipeline.Input.Between].
func (s *snapshots) between(input string) func() {
	if s == nil {
		return nil
	}
	if sources := s.stream.now.Load().asm.Sources; input == "" && len(sources) > 0 {
		input = sources[0].Name // of a replay
	}
	return s.reporter.Source(input).Poll
}

// close closes the file of the snapshots.
func (s *snapshots) close() error {
	if s == nil || s.file == nil {
		return nil
	}
	return s.file.Close()
}

// collect adds the figures of an event source.
func (s *snapshots) collect(source string, f *metrics.Fields) {
	defer s.stream.pipeline.Hold()() // so that a reload does not close the plugins meanwhile
	current, opts, now, stats := s.stream.now.Load(), &s.stream.opts, time.Now(), s.stream.pipeline.Stats()
	asm := current.asm
	f.Set("evt.hostname", asm.Catalogue.Hostname)
	f.Set("falco.version", asm.Config.Falco.Falco())
	f.Set("falco.start_ts", uint64(opts.Started.UnixNano()))
	f.Set("falco.reload_ts", uint64(current.since.UnixNano()))
	f.Set("falco.duration_sec", uint64(now.Sub(opts.Started)/time.Second))
	f.Set("falco.host_num_cpus", uint64(runtime.NumCPU()))
	f.Set("falco.outputs_queue_num_drops", s.stream.out.dropped())
	f.Set("scap.engine_name", "source_plugin")
	f.Set("scap.n_drops_perc", 0.0)
	metrics.Host(f)
	for name, digest := range current.digests {
		f.Set(name, digest)
	}
	s.stream.out.metrics(f)
	s.count(source, f, stats, now, asm.Config.Metrics.RulesCounters)
	if asm.Config.Metrics.ResourceUtilization {
		metrics.Resources(f, opts.Started, asm.Config.Metrics.ConvertMemoryToMB)
	}
	if asm.Config.Metrics.PluginsMetrics {
		pluginMetrics(asm.StatesOf(source), f)
	}
}

// count adds the numbers of events and matches.
func (s *snapshots) count(source string, f *metrics.Fields, stats pipeline.Stats, now time.Time, rules bool) {
	events, ok := stats.Inputs[source]
	if !ok {
		events = stats.Inputs[""] // of a replay, which is one input
	}
	last := s.last[source]
	s.last[source] = tally{events, now}
	if last.events != 0 {
		f.Set("falco.evts_rate_sec", metrics.Tenth(float64(events-last.events)/now.Sub(last.at).Seconds()))
	}
	f.Set("falco.num_evts", events)
	f.Set("falco.num_evts_prev", last.events)
	if !rules {
		return
	}
	var total uint64
	for _, r := range stats.Rules {
		total += r.Matches
		f.SetFull("falco.rules."+metrics.Clean(r.Name), r.Matches)
	}
	f.Set("falco.rules.matches_total", total)
}

// pluginMetrics adds the metrics of the plugins that a source's events meet, and what they
// failed at.
func pluginMetrics(states []host.Plugin, f *metrics.Fields) {
	for _, p := range states {
		name := p.Module().Info().Name
		if m, ok := p.(host.Metered); ok {
			for _, v := range m.Metrics() {
				f.SetFull("plugins."+name+"."+v.Name, v.Value())
			}
		}
		if m, ok := p.(host.Failing); ok {
			counts := map[host.FailureKind]uint64{}
			for _, v := range m.Failures().All() {
				counts[v.Kind] += v.Count
			}
			for kind, n := range counts {
				f.Set("gyr.plugins."+name+"."+kind.Metric(), n)
			}
		}
	}
}

// digests are the SHA-256 sums of the rules and configuration files.
func digests(a *assembly.Assembly) map[string]string {
	sums := map[string]string{}
	for _, r := range a.Files {
		sums["falco.sha256_rules_file."+metrics.Clean(filepath.Base(r.Name))] = fmt.Sprintf("%x", sha256.Sum256(r.Content))
	}
	for _, c := range a.Config.Files {
		if text, err := os.ReadFile(c.Path); err == nil { // it may be gone by now
			sums["falco.sha256_config_file."+metrics.Clean(filepath.Base(c.Path))] = fmt.Sprintf("%x", sha256.Sum256(text))
		}
	}
	return sums
}
