// SPDX-License-Identifier: Apache-2.0

package sdk

import "log/slog"

// LogSetter is a plugin that logs conditions that are not errors of a call: a damaged file that
// it skips, an event that it drops. SetLogger is called at most once, before Init; otherwise
// there is no log. The logger may be used by any goroutine until Destroy. Hosts put the plugin's
// name before a message.
type LogSetter interface {
	SetLogger(log *slog.Logger)
}
