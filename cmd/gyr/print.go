// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/rules"
)

// printWithoutConfig returns the function that prints what the flags ask for, if that needs
// no configuration; nil otherwise.
func (a *app) printWithoutConfig() func() error {
	o := &a.opts
	switch {
	case o.configSchema:
		return a.printing(config.Schema())
	case o.ruleSchema:
		return a.printing(rules.Schema())
	case o.ignored:
		return a.printing("Ignored syscall(s): all of them, as gyr reads plugin events only. Falco ignores:\n  " + strings.Join(falcoIgnores, "\n  "))
	case o.listEvents:
		return a.listEvents
	}
	return nil
}

func (a *app) printing(text string) func() error {
	return func() error {
		_, err := fmt.Fprintln(a.stdout, text)
		return err
	}
}

func (a *app) printPageSize() error {
	_, err := fmt.Fprintf(a.stdout, "Your system page size is: %d bytes\n", os.Getpagesize())
	return err
}

// falcoIgnores are the system calls that Falco ignores by default.
var falcoIgnores = []string{"pread", "preadv", "pwrite", "pwritev", "read", "readv", "recv", "recvmmsg", "recvmsg", "send", "sendfile", "sendmmsg", "sendmsg", "write", "writev"}

// machine returns the processor architecture as uname prints it.
func machine() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x86_64"
	case "arm64":
		return "aarch64"
	}
	return runtime.GOARCH
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

func (a *app) listEvents() error {
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
		return nil
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
	return nil
}
