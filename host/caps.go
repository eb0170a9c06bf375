// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"strings"
)

// Symbols reports which functions a library exports, by their names without "plugin_".
type Symbols func(name string) bool

var requiredSymbols = []string{
	"get_required_api_version", "get_version", "get_name", "get_description",
	"get_contact", "init", "destroy", "get_last_error",
}

// CheckRequired checks that the required functions exist.
func (has Symbols) CheckRequired() error {
	for _, s := range requiredSymbols {
		if !has(s) {
			return errors.New("required symbol not implemented: '" + s + "'")
		}
	}
	return nil
}

// Caps returns the capabilities that follow from the functions. An incomplete capability, or
// none at all, is an error.
func (has Symbols) Caps() (Caps, error) {
	var caps Caps
	var broken []string
	if has("get_id") != has("get_event_source") {
		broken = append(broken, "must implement both 'plugin_get_id' and 'plugin_get_event_source' or neither (event sourcing)")
	}
	group := func(c Caps, message string, names ...string) {
		n := 0
		for _, name := range names {
			if has(name) {
				n++
			}
		}
		switch n {
		case len(names):
			caps |= c
		case 0:
		default:
			broken = append(broken, message)
		}
	}
	group(Sourcing, "must implement all of 'plugin_open', 'plugin_close', and 'plugin_next_batch' (event sourcing)", "open", "close", "next_batch")
	switch fields, extract := has("get_fields"), has("extract_fields"); {
	case fields && extract:
		caps |= Extraction
	case extract: // get_fields alone is not an error
		broken = append(broken, "must implement both 'plugin_get_fields' and 'plugin_extract_fields' (field extraction)")
	}
	group(Parsing, "", "parse_event")
	group(Async, "must implement both 'plugin_get_async_events' and 'plugin_set_async_event_handler' (async events)", "get_async_events", "set_async_event_handler")
	group(Listening, "must implement both 'plugin_capture_open' and 'plugin_capture_close' (capture listening)", "capture_open", "capture_close")
	if len(broken) > 0 {
		return 0, errors.New("broken plugin capabilities: " + strings.Join(broken, ", "))
	}
	if caps == 0 {
		return 0, errors.New("plugin does not implement any capability")
	}
	return caps, nil
}

// CheckSource checks the name of a plugin's event source.
func CheckSource(source string) error {
	if source == "syscall" {
		return errors.New("plugin can't implement the reserved event source 'syscall'")
	}
	return nil
}
