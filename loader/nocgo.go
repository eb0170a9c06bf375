// SPDX-License-Identifier: Apache-2.0

//go:build !cgo

package loader

import (
	"fmt"
	"log/slog"

	"github.com/gyr-dev/gyr/host"
)

// Open would load a library, but cannot: this program was built without cgo.
func Open(path string, _ *slog.Logger, _ Options) (host.Module, error) {
	return nil, fmt.Errorf("cannot load plugin %s: this gyr was built without cgo and has linked-in plugins only", path)
}
