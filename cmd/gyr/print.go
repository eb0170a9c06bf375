// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/rules"
)

// The steps in this file print something that needs no configuration.

func printConfigSchema(a *app) error {
	if !a.opts.configSchema {
		return nil
	}
	fmt.Fprintln(a.stdout, config.Schema())
	return errDone
}

func printRuleSchema(a *app) error {
	if !a.opts.ruleSchema {
		return nil
	}
	fmt.Fprintln(a.stdout, rules.Schema())
	return errDone
}

func printIgnoredEvents(a *app) error {
	if !a.opts.ignored {
		return nil
	}
	fmt.Fprintln(a.stdout, "gyr reads the events of plugins, and ignores none of them.")
	return errDone
}

func printPageSize(a *app) error {
	if !a.opts.pageSize {
		return nil
	}
	fmt.Fprintf(a.stdout, "Your system page size is: %d bytes\n", os.Getpagesize())
	return errDone
}

// eventType is an event type that rules can see.
type eventType struct {
	Name   string       `json:"name"`
	Dir    string       `json:"dir"`
	Params []eventParam `json:"params"`
}

type eventParam struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

var eventCategories = []struct {
	title string
	types []eventType
}{
	{"Plugin events", []eventType{{"pluginevent", ">", []eventParam{{"UINT32", "plugin_id"}, {"BYTEBUF", "event_data"}}}}},
	{"Metaevents", []eventType{{"asyncevent", ">", []eventParam{{"UINT32", "plugin_id"}, {"CHARBUF", "name"}, {"BYTEBUF", "data"}}}}},
}

func listEvents(a *app) error {
	if !a.opts.listEvents {
		return nil
	}
	if a.opts.format == "json" {
		root := map[string]any{"schema_version": driverSchema}
		for _, c := range eventCategories {
			root[c.title] = c.types
		}
		out, err := json.MarshalIndent(root, "", "  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "%s\n", out)
		return errDone
	}
	fmt.Fprintf(a.stdout, "The events below are valid for Falco *Schema Version*: %s\n", driverSchema)
	for _, c := range eventCategories {
		fmt.Fprintf(a.stdout, "## %s\n\n", c.title)
		line := "%s %s(%s)\n"
		if a.opts.format == "markdown" {
			fmt.Fprint(a.stdout, "Default | Dir | Name | Params \n:-------|:----|:-----|:-----\n")
			line = "Yes | `%s` | `%s` | %s\n"
		}
		for _, t := range c.types {
			var params []string
			for _, p := range t.Params {
				params = append(params, p.Type+" **"+p.Name+"**")
			}
			fmt.Fprintf(a.stdout, line, t.Dir, t.Name, strings.Join(params, ", "))
		}
		fmt.Fprintln(a.stdout)
	}
	return errDone
}
