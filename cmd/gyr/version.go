// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/config"
)

// version is the version of gyr. Releases set it with -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

// The oldest driver interfaces that Falco works with, which it prints without a driver too.
const (
	driverAPI    = "10.0.0"
	driverSchema = "4.3.0"
	// Tools read the version of the driver to install as a semantic version.
	defaultDriver = "0.0.0+none"
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
	falco := asm.Config.Falco
	v := versions{
		Gyr: version, Falco: falco.Falco(), Libs: falco.Libs(), PluginAPI: abi.Version,
		DriverAPI: driverAPI, DriverSchema: driverSchema, DefaultDriver: defaultDriver,
		Engine: strings.Split(falco.Engine(), ".")[1], EngineSemver: falco.Engine(),
	}
	for _, p := range asm.Plugins {
		if v.Plugins == nil {
			v.Plugins = map[string]string{}
		}
		v.Plugins[p.Info.Name] = p.Info.Version
	}
	return v
}

// newVersion returns the command `gyr version`.
func newVersion(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "version", Short: "Show version information", Args: arguments(0, 0),
		Long:    "Show version information.\nThe flag --version does the same, and reads the configuration first: with json_output set it has the versions of plugins.",
		Example: `  gyr version`,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := config.Load("", config.Options{})
			if err != nil {
				return err
			}
			return a.writeVersions(versionsOf(&assembly.Assembly{Config: cfg}), asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "Print JSON")
	return c
}

func (a *app) printVersion(asm *assembly.Assembly) error {
	return a.writeVersions(versionsOf(asm), a.cfg.JSON.Output)
}

func (a *app) writeVersions(v versions, asJSON bool) error {
	if asJSON {
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
