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
	"sync"
	"sync/atomic"
)

// levelTrace is below slog's levels, as the plugin interface has one more.
const levelTrace = slog.LevelDebug - 4

// levels are the severities of the plugin interface, from 1.
var levels = [...]slog.Level{
	slog.LevelError, slog.LevelError, slog.LevelError, slog.LevelError,
	slog.LevelWarn, slog.LevelInfo, slog.LevelInfo, slog.LevelDebug, levelTrace,
}

// logs are the modules whose plugins may log, by number. Libraries are C code that knows
// nothing of Go's memory: it gets the number.
var (
	logs    sync.Map // uintptr to *module
	lastLog atomic.Uintptr
)

// addLog gives a module a number, which is never used again.
func addLog(m *module) uintptr {
	n := lastLog.Add(1)
	logs.Store(n, m)
	return n
}

// gyr_go_log is what plugins call to log, from any thread.
//
//export gyr_go_log
func gyr_go_log(handle C.uintptr_t, component, msg *C.char, severity C.int32_t) {
	v, ok := logs.Load(uintptr(handle))
	if !ok {
		return
	}
	m := v.(*module)
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
