// SPDX-License-Identifier: Apache-2.0

package host

import "log/slog"

// Logs holds the loggers for a plugin. Nil discards the lines.
type Logs struct {
	// Plugin receives the plugin's own log lines.
	Plugin *slog.Logger
	// Report receives gyr's log lines about the plugin, such as its [Failures].
	Report *slog.Logger
}

func logsOf(list []Logs) (l Logs) {
	if len(list) > 0 {
		l = list[0]
	}
	for _, log := range []**slog.Logger{&l.Plugin, &l.Report} {
		if *log == nil {
			*log = slog.New(slog.DiscardHandler)
		}
	}
	return l
}
