// SPDX-License-Identifier: Apache-2.0

package sdktest

import (
	"testing"

	"github.com/gyr-dev/gyr/plugins/dummy"
	"github.com/gyr-dev/gyr/state"
)

// Plugins for system events look for the table of threads when they are initialised.
func TestTheTableOfThreadsIsThere(t *testing.T) {
	h := New(t, dummy.New, "")
	if _, err := h.Tables.Get("threads", state.Int64); err != nil {
		t.Error(err)
	}
}
