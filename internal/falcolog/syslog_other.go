// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package falcolog

import "log/slog"

// sendSyslog does nothing: the system has no syslog.
func sendSyslog(slog.Level, string) {}
