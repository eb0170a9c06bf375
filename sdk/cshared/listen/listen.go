// SPDX-License-Identifier: Apache-2.0

// Package listen exports the C functions of a plugin that is notified of the start and end of
// captures; see package cshared.
package listen

// #cgo CFLAGS: -I${SRCDIR}/../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"unsafe"

	"github.com/gyr-dev/gyr/sdk/cshared/internal/rim"
)

// Symbols is the argument of cshared.Export for the functions of this package.
const Symbols = rim.Listening

//export plugin_capture_open
func plugin_capture_open(s unsafe.Pointer, in *C.gyr_listen_input) C.gyr_rc {
	return C.gyr_rc(rim.CaptureOpen(s, unsafe.Pointer(in)))
}

//export plugin_capture_close
func plugin_capture_close(s unsafe.Pointer, in *C.gyr_listen_input) C.gyr_rc {
	return C.gyr_rc(rim.CaptureClose(s, unsafe.Pointer(in)))
}
