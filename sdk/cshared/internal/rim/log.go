// SPDX-License-Identifier: Apache-2.0

package rim

/*
#cgo CFLAGS: -I${SRCDIR}/../../../../abi
#include "plugin_abi.h"

static inline void gyr_log(gyr_log_fn f, gyr_owner *o, const char *msg, int32_t severity) { f(o, NULL, msg, severity); }
*/
import "C"

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"unsafe"
)

// hostLog writes to the host's log, until it is closed.
type hostLog struct {
	owner unsafe.Pointer
	write C.gyr_log_fn

	mu     sync.Mutex
	buf    bytes.Buffer
	closed bool
}

// logger returns a logger whose lines consist of a message and its attributes, key=value.
func (l *hostLog) logger() *slog.Logger {
	text := slog.NewTextHandler(&l.buf, &slog.HandlerOptions{
		Level: slog.LevelDebug - 4,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == slog.MessageKey) {
				return slog.Attr{}
			}
			return a
		},
	})
	return slog.New(&logHandler{l: l, text: text})
}

func (l *hostLog) close() {
	if l == nil {
		return
	}
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
}

// logHandler is a [slog.Handler]: text formats the attributes into the log's buffer.
type logHandler struct {
	l    *hostLog
	text slog.Handler
}

func (h *logHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &logHandler{h.l, h.text.WithAttrs(attrs)}
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	return &logHandler{h.l, h.text.WithGroup(name)}
}

func (h *logHandler) Handle(ctx context.Context, r slog.Record) error {
	l := h.l
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.buf.Reset()
	l.buf.WriteString(r.Message)
	l.buf.WriteByte(' ')
	if err := h.text.Handle(ctx, r); err != nil {
		return err
	}
	line := bytes.ReplaceAll(bytes.TrimSpace(l.buf.Bytes()), []byte{0}, []byte("\\x00"))
	line = append(line, 0)
	C.gyr_log(l.write, l.owner, (*C.char)(unsafe.Pointer(&line[0])), severity(r.Level))
	return nil
}

func severity(l slog.Level) C.int32_t {
	switch {
	case l >= slog.LevelError:
		return C.GYR_LOG_ERROR
	case l >= slog.LevelWarn:
		return C.GYR_LOG_WARNING
	case l >= slog.LevelInfo:
		return C.GYR_LOG_INFO
	case l >= slog.LevelDebug:
		return C.GYR_LOG_DEBUG
	}
	return C.GYR_LOG_TRACE
}
