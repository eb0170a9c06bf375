// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/host"
)

// writeInfo describes a plugin as Falco does.
func (a *app) writeInfo(i *host.Info) {
	w := a.stdout
	fmt.Fprintf(w, "Name: %s\nDescription: %s\nContact: %s\nVersion: %s\nCapabilities: \n", i.Name, i.Description, i.Contact, i.Version)
	if i.Caps.Has(host.Sourcing) && i.ID != 0 {
		fmt.Fprintf(w, "  - Event Sourcing (ID=%d, source='%s')\n", i.ID, i.Source)
	} else if i.Caps.Has(host.Sourcing) {
		fmt.Fprintln(w, "  - Event Sourcing (system events)")
	}
	if i.Caps.Has(host.Extraction) {
		fmt.Fprintln(w, "  - Field Extraction")
	}
	if i.Caps.Has(host.Parsing) {
		fmt.Fprintln(w, "  - Event Parsing")
	}
	if i.Caps.Has(host.Async) {
		fmt.Fprintln(w, "  - Async Events")
	}
}

func listPlugins(a *app) error {
	if !a.opts.listPlugins {
		return nil
	}
	fmt.Fprintf(a.stdout, "%d Plugins Loaded:\n\n", len(a.plugins))
	for _, p := range a.plugins {
		a.writeInfo(p.info)
		fmt.Fprintln(a.stdout)
	}
	fmt.Fprintln(a.stdout)
	return errDone
}

func printPluginInfo(a *app) error {
	want := a.opts.pluginInfo
	if want == "" {
		return nil
	}
	for _, p := range a.plugins {
		if want == p.cfg.Name || want == p.cfg.LibraryPath || want == p.info.Name || want == p.info.Path {
			return a.writePluginInfo(p)
		}
	}
	return fmt.Errorf("can't find plugin and print its info: %s", want)
}

// writePluginInfo prints all about a plugin. What it suggests to open it knows only after
// it is initialised.
func (a *app) writePluginInfo(p *loaded) error {
	a.writeInfo(p.info)
	kind := "Not available, plugin does not implement the init config schema functionality"
	if p.info.Schema != "" {
		kind = "JSON"
	}
	fmt.Fprintf(a.stdout, "\nInit config schema type: %s\n%s\n\n", kind, strings.TrimSpace(p.info.Schema))
	state, err := a.newState(p, host.NewTables())
	if err != nil {
		return err
	}
	if !p.info.Caps.Has(host.Sourcing) {
		return errDone
	}
	params, err := state.OpenParams()
	if err != nil {
		return err
	}
	if len(params) == 0 {
		fmt.Fprintln(a.stdout, "No suggested open params available: plugin has not been configured, or it does not implement the open params suggestion functionality")
	} else {
		fmt.Fprintln(a.stdout, "Suggested open params:")
	}
	for _, o := range params {
		if o.Desc == "" {
			fmt.Fprintln(a.stdout, o.Value)
		} else {
			fmt.Fprintf(a.stdout, "%s: %s\n", o.Value, o.Desc)
		}
	}
	fmt.Fprintln(a.stdout)
	return errDone
}
