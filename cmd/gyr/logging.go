// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/config"
)

// The levels between and beyond those of slog.
const (
	levelTrace     = slog.Level(-8)
	levelNotice    = slog.Level(2)
	levelCritical  = slog.Level(12)
	levelAlert     = slog.Level(16)
	levelEmergency = slog.Level(20)
)

// levels are the names of log_level and libs_logger.severity.
var levels = map[string]slog.Level{
	"emergency": levelEmergency, "alert": levelAlert, "fatal": levelEmergency, "critical": levelCritical,
	"error": slog.LevelError, "warning": slog.LevelWarn, "notice": levelNotice, "info": slog.LevelInfo,
	"debug": slog.LevelDebug, "trace": levelTrace,
}

// logHandler writes lines as Falco does: the time, a colon, the message.
type logHandler struct {
	out    *logOutput
	min    slog.Level
	prefix string // of every message
	attrs  string // " key=value" for each attribute
	group  string
}

// logOutput is where the lines of several handlers go.
type logOutput struct {
	mu     sync.Mutex
	w      io.Writer // nil writes nowhere
	syslog func(slog.Level, string)
	iso    bool
	now    func() time.Time
}

// newLogger returns gyr's logger. Without a configuration it writes all but debug lines.
func newLogger(w io.Writer, cfg *config.Config) *slog.Logger {
	out := &logOutput{w: w, now: time.Now}
	h := &logHandler{out: out, min: slog.LevelInfo}
	if cfg == nil {
		return slog.New(h)
	}
	h.min = levels[cfg.Log.Level]
	out.iso = cfg.TimeISO8601
	if !cfg.Log.Stderr {
		out.w = nil
	}
	if cfg.Log.Syslog {
		out.syslog = sendSyslog
	}
	return slog.New(h)
}

// libsLogger returns the logger of plugins that writes where log does.
func libsLogger(log *slog.Logger, cfg *config.Config) *slog.Logger {
	if !cfg.Log.Plugins {
		return slog.New(slog.DiscardHandler)
	}
	h, ok := log.Handler().(*logHandler)
	if !ok {
		return log
	}
	return slog.New(&logHandler{out: h.out, min: levels[cfg.Log.PluginLevel], prefix: "[libs]: "})
}

// Enabled implements [slog.Handler].
func (h *logHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.min }

// Handle implements [slog.Handler].
func (h *logHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(h.prefix)
	b.WriteString(strings.TrimSuffix(r.Message, "\n"))
	b.WriteString(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		writeAttr(&b, h.group, a)
		return true
	})
	return h.out.write(r.Level, b.String())
}

func writeAttr(b *strings.Builder, group string, a slog.Attr) {
	v := a.Value.Resolve().String()
	if strings.ContainsAny(v, " \t\n\"=") || v == "" {
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

func (o *logOutput) write(level slog.Level, msg string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.syslog != nil {
		o.syslog(level, msg)
	}
	if o.w == nil {
		return nil
	}
	now := o.now()
	stamp := now.Format("Mon Jan 02 15:04:05 2006")
	if o.iso {
		stamp = now.UTC().Format("2006-01-02T15:04:05-0700")
	}
	_, err := fmt.Fprintf(o.w, "%s: %s\n", stamp, msg)
	return err
}
