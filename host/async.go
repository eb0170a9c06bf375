// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"slices"
)

// EmitFunc injects an event into a stream: a name from [Info.AsyncEvents], the time in
// nanoseconds since the Unix epoch (0 or abi.NoTime for now), and a payload, which is copied. It
// is safe for concurrent use. If the event is rejected, it returns an error to the plugin.
type EmitFunc func(name string, time uint64, data []byte) error

// CheckAsyncEvent checks that the plugin may inject an event with that name into the stream of
// the source. Errors are returned to the plugin.
func CheckAsyncEvent(p *Info, name, source string) error {
	if !slices.Contains(p.AsyncEvents, name) {
		return fmt.Errorf("incompatible async event '%s' produced by plugin: %s", name, p.Name)
	}
	if !p.InjectsInto(source) {
		return fmt.Errorf("async events of plugin '%s' are not compatible with open event source '%s'", p.Name, source)
	}
	return nil
}
