// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#include "signals.h"
*/
import "C"

import (
	"log/slog"
	"strings"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/internal/cmem"
)

// A library may install signal handlers of its own: one written in Go does so with
// signal.Notify, often in some package's init. Then gyr would not notice that it shall
// end. So what the process does about some signals is noted before a library is loaded, a
// state made, a stream opened or a capture begun, and restored afterwards. Signals of
// faults (SIGSEGV and the like) are left to the runtimes in the process, which pass them on; see
// blame.h for what gyr says about them.

var signalNames = []string{"SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"}

// signalsMu keeps two such times from overlapping.
var signalsMu sync.Mutex

// keepSignals calls f and takes back the signals that it stole.
func keepSignals(log *slog.Logger, path string, f func()) {
	signalsMu.Lock()
	defer signalsMu.Unlock()
	mem := cmem.Zeroed(int(C.gyr_signals_size()))
	defer cmem.Free(mem)
	at := unsafe.Pointer(unsafe.SliceData(mem))
	C.gyr_signals_save(at)
	f()
	taken := C.gyr_signals_take_back(at)
	var names []string
	for i, n := range signalNames {
		if taken&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	if len(names) > 0 {
		log.Warn("plugin took over signals, which are taken back", "path", path, "signals", strings.Join(names, " "))
	}
}

func (p *plugin) keepSignals(f func()) { keepSignals(p.mod.log, p.mod.info.Path, f) }
