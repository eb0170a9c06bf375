// SPDX-License-Identifier: Apache-2.0

package host

import (
	"context"
	"log/slog"
)

// named returns a logger for a linked-in plugin that prefixes messages with the plugin's name, as
// gyr and Falco do for shared libraries. Plugins therefore do not log their own name.
func named(log *slog.Logger, plugin string) *slog.Logger {
	return slog.New(&namedHandler{Handler: log.Handler(), prefix: plugin + ": "})
}

type namedHandler struct {
	slog.Handler
	prefix string
}

func (h *namedHandler) Handle(ctx context.Context, r slog.Record) error {
	r.Message = h.prefix + r.Message
	return h.Handler.Handle(ctx, r)
}

func (h *namedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &namedHandler{h.Handler.WithAttrs(attrs), h.prefix}
}

func (h *namedHandler) WithGroup(name string) slog.Handler {
	return &namedHandler{h.Handler.WithGroup(name), h.prefix}
}
