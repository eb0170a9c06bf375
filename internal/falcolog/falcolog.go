// SPDX-License-Identifier: Apache-2.0

// Package falcolog writes log lines in Falco's format: the time, a colon, the message.
// Attributes follow as key=value.
package falcolog

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// The levels that slog lacks.
const (
	LevelTrace     = slog.Level(-8)
	LevelNotice    = slog.Level(2)
	LevelCritical  = slog.Level(12)
	LevelAlert     = slog.Level(16)
	LevelEmergency = slog.Level(20)
)

// levels maps the names used by log_level and libs_logger.severity to levels.
var levels = map[string]slog.Level{
	"emergency": LevelEmergency, "alert": LevelAlert, "fatal": LevelEmergency, "critical": LevelCritical,
	"error": slog.LevelError, "warning": slog.LevelWarn, "notice": LevelNotice, "info": slog.LevelInfo,
	"debug": slog.LevelDebug, "trace": LevelTrace,
}

// Level returns the level with that name ("warning"), or [slog.LevelInfo] for an unknown name.
func Level(name string) slog.Level { return levels[name] }

// logHandler writes lines in Falco's format.
type logHandler struct {
	out    *logOutput
	min    *slog.LevelVar // shared with derived handlers
	prefix string         // of each message
	attrs  string         // " key=value" for each attribute
	group  string
}

// Options configures a logger.
type Options struct {
	// Min is the lowest level that is written.
	Min slog.Level
	// Syslog also sends the lines to syslog.
	Syslog bool
	// ISO8601 writes times as 2006-01-02T15:04:05+0000 in UTC.
	ISO8601 bool
	// Paint, if not nil, gives the message of a level the colour that w shows it in.
	Paint func(slog.Level, string) string
}

// New returns a logger that writes to w, or only to syslog if w is nil. It is safe for
// concurrent use. A line has been written when the call returns, unless nobody reads what
// is written for over a second.
func New(w io.Writer, o Options) *slog.Logger {
	out := &logOutput{w: w, iso: o.ISO8601, paint: o.Paint, now: time.Now}
	if o.Syslog {
		out.syslog = sendSyslog
	}
	return slog.New(&logHandler{out: out, min: levelVar(o.Min)})
}

func levelVar(l slog.Level) *slog.LevelVar {
	v := new(slog.LevelVar)
	v.Set(l)
	return v
}

// SetLevel changes the minimum level of a logger made by New, and of loggers derived from it
// with With. It does not affect other loggers.
func SetLevel(log *slog.Logger, min slog.Level) {
	if h, ok := log.Handler().(*logHandler); ok {
		h.min.Set(min)
	}
}

// Plugins returns a logger for plugins. It writes to the output of log, from level min on, and
// marks its lines as Falco marks those of its libraries.
func Plugins(log *slog.Logger, min slog.Level) *slog.Logger {
	h, ok := log.Handler().(*logHandler)
	if !ok {
		return log
	}
	return slog.New(&logHandler{out: h.out, min: levelVar(min), prefix: "[libs]: "})
}

// Enabled implements [slog.Handler].
func (h *logHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.min.Level() }

// Handle implements [slog.Handler].
func (h *logHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(h.prefix)
	b.WriteString(Clean(strings.TrimSuffix(r.Message, "\n")))
	b.WriteString(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		writeAttr(&b, h.group, a)
		return true
	})
	return h.out.write(r.Level, b.String())
}

func writeAttr(b *strings.Builder, group string, a slog.Attr) {
	v := a.Value.Resolve().String()
	if v == "" || strings.ContainsAny(v, " \t\n\"=") || v != Clean(v) {
		v = fmt.Sprintf("%q", v)
	}
	fmt.Fprintf(b, " %s%s=%s", group, a.Key, v)
}

// WithAttrs implements [slog.Handler].
func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	c := *h
	var b strings.Builder
	b.WriteString(h.attrs)
	for _, a := range attrs {
		writeAttr(&b, h.group, a)
	}
	c.attrs = b.String()
	return &c
}

// WithGroup implements [slog.Handler].
func (h *logHandler) WithGroup(name string) slog.Handler {
	c := *h
	if name != "" {
		c.group += name + "."
	}
	return &c
}
