// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

// suffixes are those of the names of log files.
var suffixes = []string{".json", ".json.gz"}

// openInput returns the files that the open parameters name: s3://bucket/prefix,
// sqs://queue, or else a file or folder.
func (p *plugin) openInput(params string) (logfiles.Input, error) {
	switch {
	case strings.HasPrefix(params, "s3://"):
		return p.openS3(params)
	case strings.HasPrefix(params, "sqs://"):
		return p.openSQS(params)
	default:
		return openLocal(params, p.log)
	}
}

func openLocal(path string, log *slog.Logger) (logfiles.Input, error) {
	if path == "" {
		return nil, pluginError("missing input directory argument")
	}
	in, err := logfiles.OpenLocal(path, suffixes, log)
	switch {
	case errors.Is(err, logfiles.ErrNotFound):
		return nil, pluginError("cannot open %s", path)
	case errors.Is(err, logfiles.ErrNoFiles):
		return nil, pluginError("no json files found in %s", path)
	case err != nil:
		return nil, pluginError("cannot open %s: %w", path, err)
	}
	return in, nil
}

// read starts a stream of the records in the files of an input. Those of AWS are as many at a
// time as the configuration says, because they wait for a network.
func (p *plugin) read(in logfiles.Input, ofAWS bool) event.Source {
	o := logfiles.Options{
		Splitter: func() logfiles.Splitter { return &splitter{counters: &p.counts, log: p.log} },
		Counts:   &p.counts.Counts,
		Log:      p.log,
		End:      p.report,
	}
	if p.config.Dedup > 0 {
		o.Dedup = newDedup(time.Duration(p.config.Dedup))
		p.dedup.Store(o.Dedup)
	}
	if ofAWS {
		o.Workers, o.Streamed = p.config.S3DownloadConcurrency, true
	}
	return logfiles.Open(in, o)
}

// report tells at the end of a stream what did not become events.
func (p *plugin) report() {
	p.counts.report(p.log)
	if n := p.awsCounts.Passed.Load(); n > 0 {
		p.log.Info("objects of digests and of CloudTrail Insights are passed over", "objects", n)
	}
	if d := p.dedup.Load(); d != nil && d.Suppressed.Load() > 0 {
		p.log.Info("records that were seen before are left out", "records", d.Suppressed.Load(), "forgotten_early", d.Evicted.Load())
	}
	if n := p.awsCounts.Late.Load(); n > 0 {
		p.log.Warn("objects came later than the look-back and were read nevertheless", "objects", n)
	}
}
