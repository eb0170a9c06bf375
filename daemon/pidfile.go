// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"fmt"
	"os"
	"strconv"
)

// writePidfile writes the process id to a file; "" is none.
func writePidfile(path string) error {
	if path == "" {
		return nil
	}
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())), 0o666); err != nil {
		return fmt.Errorf("Could not write pid to pidfile %s: %w", path, err)
	}
	return nil
}
