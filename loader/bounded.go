// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"fmt"
	"time"
)

// callLimit is how long a call may take that ends something.
var callLimit = 5 * time.Second

// bounded makes a call that ends something, with the library's lock held. If it does not
// return in time the error says so, the library is left alone from then on, and what the call
// uses must stay: it may go on for ever.
func (lib *library) bounded(plugin, step string, call func()) error {
	if before := lib.stuck.Load(); before != nil {
		return fmt.Errorf("plugin %s: %s is not called, as %s did not return", plugin, step, *before)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		lib.mu.Lock()
		defer lib.mu.Unlock()
		call()
	}()
	limit := time.NewTimer(callLimit)
	defer limit.Stop()
	select {
	case <-done:
		return nil
	case <-limit.C:
	}
	lib.stuck.Store(&step)
	return fmt.Errorf("plugin %s: %s did not return within %v", plugin, step, callLimit)
}
