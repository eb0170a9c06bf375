// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include <stdint.h>
*/
import "C"

import (
	"context"
	"log/slog"
	"strings"
)

// levelTrace is below slog's levels, as the plugin interface has one more.
const levelTrace = slog.LevelDebug - 4

// levels are the severities of the plugin interface, from 1.
var levels = [...]slog.Level{
	slog.LevelError, slog.LevelError, slog.LevelError, slog.LevelError,
	slog.LevelWarn, slog.LevelInfo, slog.LevelInfo, slog.LevelDebug, levelTrace,
}

// gyr_go_log is what plugins call to log, from any thread.
//
//export gyr_go_log
func gyr_go_log(handle C.uintptr_t, component, msg *C.char, severity C.int32_t) {
	p := numbered(handle)
	if p == nil {
		return
	}
	m := p.mod
	level := slog.LevelInfo
	if severity > 0 && int(severity) < len(levels) {
		level = levels[severity]
	}
	prefix := goText(component, maxText)
	if prefix == "" {
		prefix = m.info.Name
	}
	m.log.Log(context.Background(), level, prefix+": "+strings.ToValidUTF8(goText(msg, maxText), "?"))
}
