// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/plugins/cloudtrail"
	"github.com/gyr-dev/gyr/plugins/dummy"
	httpjson "github.com/gyr-dev/gyr/plugins/http_json"
	"github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/plugins/k8saudit"
	"github.com/gyr-dev/gyr/sdk"
)

// BuiltIn are the plugins that are part of gyr. Programs that link in more append to it
// before they build anything.
var BuiltIn = []sdk.Factory{
	cloudtrail.New,
	dummy.New,
	httpjson.New,
	json.New,
	k8saudit.New,
}

// BuiltInModules returns the plugins that are part of gyr, in the order of [BuiltIn].
func BuiltInModules(logs host.Logs) ([]host.Module, error) {
	var all []host.Module
	for _, f := range BuiltIn {
		m, err := host.Linked(f, logs)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// BuiltInConfig returns entries of a configuration for the built-in plugins, the first for
// each event source.
func BuiltInConfig() ([]config.Plugin, error) {
	modules, err := BuiltInModules(host.Logs{})
	if err != nil {
		return nil, err
	}
	var list []config.Plugin
	taken := map[string]bool{}
	for _, m := range modules {
		name, source := m.Info().Name, m.Info().Source
		if source != "" && taken[source] {
			continue
		}
		taken[source] = true
		list = append(list, config.Plugin{Name: name, LibraryPath: "lib" + name + ".so"})
	}
	return list, nil
}

// FindBuiltIn returns the built-in plugin with one of the names or, last, with one of them
// as its event source; nil if there is none. Only that one is made, as the checks of all
// would take some time of the start.
func FindBuiltIn(names []string, logs host.Logs) (host.Module, error) {
	f := factoryOf(names)
	if f == nil {
		return nil, nil
	}
	return host.Linked(f, logs)
}

func factoryOf(names []string) sdk.Factory {
	infos := make([]sdk.Info, len(BuiltIn))
	for i, f := range BuiltIn {
		infos[i] = f().Info()
	}
	for _, of := range []func(*sdk.Info) string{
		func(i *sdk.Info) string { return i.Name },
		func(i *sdk.Info) string { return i.EventSource },
	} {
		for _, name := range names {
			for i := range infos {
				if name != "" && of(&infos[i]) == name {
					return BuiltIn[i]
				}
			}
		}
	}
	return nil
}
