// SPDX-License-Identifier: Apache-2.0

package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"github.com/gyr-dev/gyr/abi"
)

var versionForm = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+([-+].+)?$`)

// checkLinked checks what a linked-in plugin says of itself, as the loader checks what a
// library exports.
func checkLinked(info *Info, hasSource bool) error {
	switch {
	case info.Name == "":
		return errors.New("the plugin has no name")
	case !versionForm.MatchString(info.Version):
		return fmt.Errorf("plugin provided an invalid version string: '%s'", info.Version)
	case info.Caps == 0:
		return errors.New("plugin does not implement any capability")
	case info.Source == "syscall":
		return errors.New("plugin can't implement the reserved event source 'syscall'")
	case hasSource && (info.ID == 0 || info.Source == ""):
		return errors.New("a plugin that opens streams needs an id and the name of its event source")
	case !hasSource && (info.ID != 0 || info.Source != ""):
		return errors.New("a plugin with an id and an event source must implement Open")
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
			return fmt.Errorf("field %s is there twice", f.Name)
		}
		seen[f.Name] = true
	}
	return nil
}

// linkedConfig returns the configuration that the plugin gets.
func linkedConfig(info *Info, config string) (string, error) {
	if info.Schema == "" {
		return config, nil
	}
	if config == "" {
		config = "{}"
	}
	if !json.Valid([]byte(config)) {
		return "", fmt.Errorf("error in plugin %s: init config is not a valid json", info.Name)
	}
	return config, nil
}
