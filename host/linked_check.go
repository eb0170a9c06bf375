// SPDX-License-Identifier: Apache-2.0

package host

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gyr-dev/gyr/abi"
)

// checkLinked checks the description of a linked-in plugin, as the loader does for a library.
func checkLinked(info *Info, hasSource bool) error {
	if err := CheckPluginVersion(info.Version); err != nil {
		return err
	}
	if err := CheckSource(info.Source); err != nil {
		return err
	}
	switch {
	case info.Name == "":
		return errors.New("the plugin has no name")
	case info.Caps == 0:
		return errors.New("plugin does not implement any capability")
	case hasSource && (info.ID == 0 || info.Source == ""):
		return errors.New("a plugin that opens streams needs an ID and an event source")
	case !hasSource && (info.ID != 0 || info.Source != ""):
		return errors.New("a plugin with an ID and an event source must implement Open")
	}
	if info.Caps.Has(Async) && (len(info.AsyncEvents) == 0 || slices.Contains(info.AsyncEvents, "")) {
		return errors.New("a plugin that injects events must list their names")
	}
	if info.Caps.Has(Extraction) {
		return checkFields(info.Fields)
	}
	return nil
}

// checkFields checks the list of fields of a linked-in plugin.
func checkFields(list []abi.FieldInfo) error {
	if len(list) == 0 {
		return errors.New("plugins with extraction capability must export at least one field")
	}
	seen := make(map[string]bool, len(list))
	for i := range list {
		f := &list[i]
		switch {
		case f.Name == "":
			return fmt.Errorf("field %d has no name", i)
		case f.Type.String() == "unknown":
			return fmt.Errorf("field %s has the unknown type %d", f.Name, f.Type)
		case f.Desc == "":
			return fmt.Errorf("field %s has no description", f.Name)
		case f.Arg.Required && !f.Arg.Allowed():
			return fmt.Errorf("field %s arg has isRequired true, but none of isKey nor isIndex is true", f.Name)
		case seen[f.Name]:
			return fmt.Errorf("duplicate field %s", f.Name)
		}
		seen[f.Name] = true
	}
	return nil
}
