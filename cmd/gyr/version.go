// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/rules"
)

// version is the version of gyr. Releases set it with -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

// The versions of Falco that gyr is compatible with.
const (
	falcoVersion = "0.44.1"
	libsVersion  = "0.25.4"
	// The driver interface versions of that Falco version; gyr has no driver.
	driverAPI    = "10.1.0"
	driverSchema = "4.5.1"
)

// versions is the JSON output of --version. falcoctl reads it before it installs rules.
type versions struct {
	Gyr           string            `json:"gyr_version"`
	Falco         string            `json:"falco_version"`
	Libs          string            `json:"libs_version"`
	PluginAPI     string            `json:"plugin_api_version"`
	DriverAPI     string            `json:"driver_api_version"`
	DriverSchema  string            `json:"driver_schema_version"`
	DefaultDriver string            `json:"default_driver_version"`
	Engine        string            `json:"engine_version"`
	EngineSemver  string            `json:"engine_version_semver"`
	Plugins       map[string]string `json:"plugin_versions,omitempty"`
}

func versionsOf(asm *assembly.Assembly) versions {
	v := versions{
		Gyr: version, Falco: falcoVersion, Libs: libsVersion, PluginAPI: abi.Version,
		DriverAPI: driverAPI, DriverSchema: driverSchema, DefaultDriver: "none",
		Engine: strings.Split(rules.EngineVersion, ".")[1], EngineSemver: rules.EngineVersion,
	}
	for _, p := range asm.Plugins {
		if v.Plugins == nil {
			v.Plugins = map[string]string{}
		}
		v.Plugins[p.Info.Name] = p.Info.Version
	}
	return v
}

func (a *app) printVersion(asm *assembly.Assembly) error {
	v := versionsOf(asm)
	if a.cfg.JSON.Output {
		return a.printJSON(v)
	}
	fmt.Fprintf(a.stdout, "gyr version:   %s\n", v.Gyr)
	fmt.Fprintf(a.stdout, "Falco version: %s\n", v.Falco)
	fmt.Fprintf(a.stdout, "Libs version:  %s\n", v.Libs)
	fmt.Fprintf(a.stdout, "Plugin API:    %s\n", v.PluginAPI)
	fmt.Fprintf(a.stdout, "Engine:        %s\n", v.EngineSemver)
	fmt.Fprintf(a.stdout, "Driver:\n")
	fmt.Fprintf(a.stdout, "  API version:    %s\n", v.DriverAPI)
	fmt.Fprintf(a.stdout, "  Schema version: %s\n", v.DriverSchema)
	fmt.Fprintf(a.stdout, "  Default driver: %s\n", v.DefaultDriver)
	return nil
}

// printJSON prints v as one line.
func (a *app) printJSON(v any) error {
	out, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s\n", out)
	return err
}
