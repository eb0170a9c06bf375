// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/host"
)

// writeInfo describes a plugin as Falco does.
func (a *app) writeInfo(i *host.Info) {
	w := a.page
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

func (a *app) listPlugins(asm *assembly.Assembly) error {
	fmt.Fprintf(a.page, "%d Plugins Loaded:\n\n", len(asm.Plugins))
	for _, p := range asm.Plugins {
		a.writeInfo(p.Info)
		fmt.Fprintln(a.page)
	}
	fmt.Fprintln(a.page)
	return nil
}

func (a *app) printPluginInfo(asm *assembly.Assembly) error {
	want := a.opts.pluginInfo
	for _, p := range asm.Plugins {
		if want == p.Config.Name || want == p.Config.LibraryPath || want == p.Info.Name || want == p.Info.Path {
			return a.writePluginInfo(asm, p)
		}
	}
	return assembly.AdviseMissing(fmt.Errorf("can't find plugin and print its info: %s", want), want)
}

// writePluginInfo prints the details of a plugin. It initializes the plugin first, since
// only then can the plugin suggest open parameters.
func (a *app) writePluginInfo(asm *assembly.Assembly, p *assembly.Plugin) error {
	a.writeInfo(p.Info)
	kind := "Not available, plugin does not implement the init config schema functionality"
	if p.Info.Schema != "" {
		kind = "JSON"
	}
	fmt.Fprintf(a.page, "\nInit config schema type: %s\n%s\n\n", kind, strings.TrimSpace(p.Info.Schema))
	state, err := asm.NewState(p, host.NewTables())
	if err != nil {
		return err
	}
	if !p.Info.Caps.Has(host.Sourcing) {
		return nil
	}
	params, err := state.OpenParams()
	if err != nil {
		return err
	}
	if len(params) == 0 {
		fmt.Fprintln(a.page, "No suggested open params available: plugin has not been configured, or it does not implement the open params suggestion functionality")
	} else {
		fmt.Fprintln(a.page, "Suggested open params:")
	}
	for _, o := range params {
		if o.Desc == "" {
			fmt.Fprintln(a.page, o.Value)
		} else {
			fmt.Fprintf(a.page, "%s: %s\n", o.Value, o.Desc)
		}
	}
	fmt.Fprintln(a.page)
	return nil
}
