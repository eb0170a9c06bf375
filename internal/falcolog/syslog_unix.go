// SPDX-License-Identifier: Apache-2.0

//go:build unix

package falcolog

import (
	"log/slog"
	"log/syslog"
	"sync"
)

// openSyslog connects to syslog once. It returns nil without a syslog daemon.
var openSyslog = sync.OnceValue(func() *syslog.Writer {
	w, err := syslog.New(syslog.LOG_USER, "gyr")
	if err != nil {
		return nil
	}
	return w
})

// sendSyslog sends a log line to syslog, if available. As in Falco, it ignores errors.
func sendSyslog(level slog.Level, msg string) {
	w := openSyslog()
	if w == nil {
		return
	}
	send := w.Debug
	switch {
	case level >= LevelEmergency:
		send = w.Emerg
	case level >= LevelAlert:
		send = w.Alert
	case level >= LevelCritical:
		send = w.Crit
	case level >= slog.LevelError:
		send = w.Err
	case level >= slog.LevelWarn:
		send = w.Warning
	case level >= LevelNotice:
		send = w.Notice
	case level >= slog.LevelInfo:
		send = w.Info
	}
	_ = send(msg)
}
