// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/loader"
)

// newPlugin returns the command `gyr plugin`. It works on built-in plugins and on
// libraries, without a configuration.
func newPlugin(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "plugin", Short: "Inspect, check and create plugins",
		Example: `  gyr plugin list
  gyr plugin new --lang go my_plugin
  gyr plugin check ./libmy_plugin.so`,
	}
	c.AddCommand(
		&cobra.Command{
			Use: "list", Short: "List the built-in plugins", Args: arguments(0, 0),
			Example: `  gyr plugin list`,
			RunE:    func(*cobra.Command, []string) error { return a.listLinked() },
		},
		&cobra.Command{
			Use: "info PLUGIN", Short: "Show the capabilities and the configuration schema of a plugin", Args: one("PLUGIN"),
			Long: "Show the capabilities and the configuration schema of a plugin. " + pluginArgument,
			Example: `  gyr plugin info cloudtrail
  gyr plugin info ./libmy_plugin.so`,
			RunE: func(_ *cobra.Command, args []string) error {
				m, err := a.find(args[0])
				if err != nil {
					return err
				}
				a.writeInfo(m.Info())
				if s := strings.TrimSpace(m.Info().Schema); s != "" {
					fmt.Fprintf(a.stdout, "\nInit config schema:\n%s\n", s)
				}
				return nil
			},
		},
		&cobra.Command{
			Use: "fields PLUGIN", Short: "List the fields of a plugin", Args: one("PLUGIN"),
			Long:    "List the fields of a plugin. " + pluginArgument,
			Example: `  gyr plugin fields cloudtrail`,
			RunE: func(_ *cobra.Command, args []string) error {
				m, err := a.find(args[0])
				if err != nil {
					return err
				}
				a.writeTextClass(classOf(m.Info()))
				return nil
			},
		},
		newPluginCheck(a),
		newPluginNew(a),
		newPluginRegistry(a),
	)
	return c
}

// pluginArgument explains the argument PLUGIN.
const pluginArgument = "PLUGIN is the name of a built-in plugin or the path of a library."

// one returns the check of commands that take exactly one argument, named what.
func one(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return fmt.Errorf("%s: expected one %s, got none", c.CommandPath(), what)
		case 1:
			return nil
		}
		return fmt.Errorf("%s: expected one %s, got %d", c.CommandPath(), what, len(args))
	}
}

// find returns a plugin by the path of its library or by the name of a built-in plugin.
func (a *app) find(name string) (host.Module, error) {
	if strings.ContainsAny(name, `/\.`) {
		return loader.Open(name, a.pluginLog, loader.Options{Report: slog.New(slog.DiscardHandler)})
	}
	m, err := assembly.FindBuiltIn([]string{name}, host.Logs{Plugin: a.pluginLog})
	if m == nil && err == nil {
		err = &assembly.AdvisedError{
			Err:    fmt.Errorf("no built-in plugin is named %q (see gyr plugin list); for a library pass its path, such as ./lib%s.so", name, name),
			Advice: assembly.NearBuiltIn(name),
		}
	}
	return m, err
}

func (a *app) listLinked() error {
	modules, err := assembly.BuiltInModules(host.Logs{Plugin: a.pluginLog})
	if err != nil {
		return err
	}
	for _, m := range modules {
		i := m.Info()
		about := i.Description
		if i.Source != "" {
			about += " (event source " + i.Source + ")"
		}
		fmt.Fprintf(a.page, "%-14s %-9s %s\n", i.Name, i.Version, about)
	}
	return nil
}

// classOf returns the fields of a plugin in the form that --list prints.
func classOf(i *host.Info) *fields.FieldClass {
	c := &fields.FieldClass{Name: i.Name + " (plugin)", Sources: i.ExtractSources}
	if i.ExtractSources == nil {
		c.Sources = []string{"all"}
	}
	for n := range i.Fields {
		if f := (&fields.Field{FieldInfo: i.Fields[n]}); !f.Hidden() {
			c.Fields = append(c.Fields, f)
		}
	}
	return c
}
