// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/sdk"
)

// PluginMetrics are the metrics of a plugin's state.
type PluginMetrics struct {
	Plugin  string
	Metrics []sdk.Metric
}

// pluginCounts returns the metrics of all plugins that have some, source by source in load
// order. It must be called before the assembly is closed.
func pluginCounts(a *assembly.Assembly) (list []PluginMetrics) {
	states := a.StatesOf("")
	for _, s := range a.Sources {
		if !a.Replaying() {
			states = append(states, s.States...)
		}
	}
	for _, p := range states {
		if m, ok := p.(host.Metered); ok {
			if all := m.Metrics(); len(all) > 0 {
				list = append(list, PluginMetrics{p.Module().Info().Name, all})
			}
		}
	}
	return list
}
