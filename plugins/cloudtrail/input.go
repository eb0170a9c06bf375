// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"errors"
	"log/slog"
	"strings"

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
		return openS3(params)
	case strings.HasPrefix(params, "sqs://"):
		return openSQS(params)
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

// read starts a stream of the records in the files of an input.
func (p *plugin) read(in logfiles.Input) event.Source {
	return logfiles.Open(in, logfiles.Options{
		Splitter: func() logfiles.Splitter { return &splitter{counters: &p.counts, log: p.log} },
		Counts:   &p.counts.Counts,
		Log:      p.log,
		End:      func() { p.counts.report(p.log) },
	})
}
