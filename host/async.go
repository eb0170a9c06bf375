// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"slices"
)

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
