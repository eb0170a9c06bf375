// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"slices"
)

// EmitFunc injects an event next to a stream: one of the names in [Info.AsyncEvents], the
// time in nanoseconds since the Unix epoch (0 or abi.NoTime for now), and a payload, which
// is copied. It may be called from any goroutine. The error is for the plugin: the event was
// refused.
type EmitFunc func(name string, time uint64, data []byte) error

// CheckAsyncEvent checks that the plugin may inject an event of that name next to the
// stream of the source. The errors are for the plugin, which gets them from its call.
func CheckAsyncEvent(p *Info, name, source string) error {
	if !slices.Contains(p.AsyncEvents, name) {
		return fmt.Errorf("incompatible async event '%s' produced by plugin: %s", name, p.Name)
	}
	if !p.InjectsInto(source) {
		return fmt.Errorf("async events of plugin '%s' are not compatible with open event source '%s'", p.Name, source)
	}
	return nil
}
