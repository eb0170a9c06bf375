// SPDX-License-Identifier: Apache-2.0

package host

import "log/slog"

// Logs are where a plugin's lines go. Nil discards them.
type Logs struct {
	// Plugin gets what the plugin itself logs.
	Plugin *slog.Logger
	// Report gets what gyr has to say about the plugin, such as its [Failures].
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
