// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/loader"
)

// newPlugin is "gyr plugin": what is built in, and what is in a library, without any
// configuration.
func newPlugin(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "plugin", Short: "look at plugins, check them, begin new ones", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		&cobra.Command{
			Use: "list", Short: "list the plugins that are built in", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error { return a.listLinked() },
		},
		&cobra.Command{
			Use: "info PLUGIN", Short: "describe a plugin, by name or by the path of its library", Args: one("PLUGIN"),
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
			Use: "fields PLUGIN", Short: "list the fields of a plugin", Args: one("PLUGIN"),
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

// one is for commands with one argument, which is named what.
func one(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return fmt.Errorf("%s: %s is missing", c.CommandPath(), what)
		case 1:
			return nil
		}
		return fmt.Errorf("%s: one %s is wanted, got %d", c.CommandPath(), what, len(args))
	}
}

// find returns a plugin by the path of its library or by the name of one that is built in.
func (a *app) find(name string) (host.Module, error) {
	if strings.ContainsAny(name, `/\.`) {
		return loader.Open(name, a.pluginLog, loader.Options{})
	}
	m, err := assembly.FindBuiltIn([]string{name}, a.pluginLog)
	if m == nil && err == nil {
		err = fmt.Errorf("plugin %q: none of that name is built in (gyr plugin list shows those that are); a library is named by a path like ./lib%s.so", name, name)
	}
	return m, err
}

func (a *app) listLinked() error {
	modules, err := assembly.BuiltInModules(a.pluginLog)
	if err != nil {
		return err
	}
	for _, m := range modules {
		i := m.Info()
		about := i.Description
		if i.Source != "" {
			about += " (event source " + i.Source + ")"
		}
		fmt.Fprintf(a.stdout, "%-14s %-9s %s\n", i.Name, i.Version, about)
	}
	return nil
}

// classOf presents the fields of a plugin as lists of fields do.
func classOf(i *host.Info) *fieldClass {
	c := &fieldClass{name: i.Name + " (plugin)", sources: i.ExtractSources}
	if i.ExtractSources == nil {
		c.sources = []string{"all"}
	}
	for n := range i.Fields {
		if f := (&fields.Field{FieldInfo: i.Fields[n]}); !f.Hidden() {
			c.fields = append(c.fields, f)
		}
	}
	return c
}
