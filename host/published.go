// SPDX-License-Identifier: Apache-2.0

package host

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/sdk"
)

// pluginErr returns an error in the form of all checks of a plugin's published data.
func pluginErr(plugin, format string, args ...any) error {
	return fmt.Errorf("error in plugin %s: %s", plugin, fmt.Sprintf(format, args...))
}

// decodeFirst decodes the JSON value at the start of text into v. As in Falco, the rest is
// ignored.
func decodeFirst(text []byte, v any) error {
	return json.NewDecoder(strings.NewReader(string(text))).Decode(v)
}

// fieldJSON is a field as published by plugins. Members with specific type checks stay undecoded.
type fieldJSON struct {
	Type, Name, Desc, Display          text
	IsList, AddOutput, Arg, Properties json.RawMessage
	ArgRequired                        json.RawMessage // before API 1.0
}

// text is a string, or the JSON text of any other scalar.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		var s string
		err := json.Unmarshal(b, &s)
		*t = text(s)
		return err
	case '{', '[':
		return fmt.Errorf("not a scalar")
	case 'n':
		return nil
	}
	*t = text(b)
	return nil
}

// ParseFields parses the result of a plugin's get_fields. The index in the result is the field's
// ID.
func ParseFields(plugin string, published []byte) ([]abi.FieldInfo, error) {
	var raw []json.RawMessage
	if err := decodeFirst(published, &raw); err != nil || raw == nil {
		return nil, pluginErr(plugin, "get_fields returned an invalid JSON")
	}
	list := make([]abi.FieldInfo, 0, len(raw))
	for _, r := range raw {
		var f fieldJSON
		if err := json.Unmarshal(r, &f); err != nil {
			return nil, pluginErr(plugin, "get_fields returned an invalid JSON")
		}
		info, err := f.info(plugin)
		if err != nil {
			return nil, err
		}
		list = append(list, info)
	}
	if len(list) == 0 {
		return nil, pluginErr(plugin, "plugins with extraction capability must export at least one field")
	}
	return list, nil
}

// info validates and converts the entry.
func (f *fieldJSON) info(plugin string) (info abi.FieldInfo, err error) {
	for _, member := range []struct {
		name string
		text text
	}{{"type", f.Type}, {"name", f.Name}, {"desc", f.Desc}} {
		if member.text == "" {
			return info, pluginErr(plugin, "field JSON entry has no %s", member.name)
		}
	}
	info = abi.FieldInfo{Name: string(f.Name), Desc: string(f.Desc), Display: string(f.Display)}
	var ok bool
	if info.Type, ok = abi.ParseFieldType(string(f.Type)); !ok {
		return info, pluginErr(plugin, "invalid field type %s", string(f.Type))
	}
	if !decodeBool(f.IsList, &info.List) {
		return info, pluginErr(plugin, "field %s isList property is not boolean ", info.Name)
	}
	if !decodeBool(f.AddOutput, &info.AddOutput) {
		return info, pluginErr(plugin, "field %s addOutput property is not boolean ", info.Name)
	}
	if info.Arg, err = f.arg(plugin, info.Name); err != nil {
		return info, err
	}
	info.Properties, err = f.properties(plugin, info.Name)
	return info, err
}

// arg parses the description of the field's argument.
func (f *fieldJSON) arg(plugin, name string) (arg abi.FieldArg, err error) {
	var required bool
	if decodeBool(f.ArgRequired, &required) && required && isNull(f.Arg) {
		return abi.FieldArg{Required: true, Key: true}, nil
	}
	if isNull(f.Arg) {
		return arg, nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(f.Arg, &members) != nil {
		return arg, pluginErr(plugin, "field %s arg property is not an object", name)
	}
	for _, m := range []struct {
		name string
		to   *bool
	}{{"isRequired", &arg.Required}, {"isIndex", &arg.Index}, {"isKey", &arg.Key}} {
		if !decodeBool(members[m.name], m.to) {
			return arg, pluginErr(plugin, "field %s %s property is not boolean", name, m.name)
		}
	}
	if arg.Required && !arg.Allowed() {
		return arg, pluginErr(plugin, "field %s arg has isRequired true, but none of isKey nor isIndex is true", name)
	}
	return arg, nil
}

// properties parses the field's list of properties. Unknown properties are kept.
func (f *fieldJSON) properties(plugin, name string) ([]string, error) {
	if isNull(f.Properties) {
		return nil, nil
	}
	var raw []json.RawMessage
	if json.Unmarshal(f.Properties, &raw) != nil {
		return nil, pluginErr(plugin, "field %s properties property is not array ", name)
	}
	var list []string
	for _, r := range raw {
		var s *string
		if json.Unmarshal(r, &s) != nil || s == nil {
			return nil, pluginErr(plugin, "field %s properties value is not string ", name)
		}
		list = append(list, *s)
	}
	return list, nil
}

func isNull(r json.RawMessage) bool { return len(r) == 0 || string(r) == "null" }

// decodeBool sets to if r is a boolean. It reports whether r is a boolean or missing.
func decodeBool(r json.RawMessage, to *bool) bool {
	return isNull(r) || json.Unmarshal(r, to) == nil
}

// ParseSources parses a list of event sources returned by function
// ("get_extract_event_sources"). own is the plugin's own source, "" for none; it is always part
// of the result. Nil means all sources.
func ParseSources(plugin, function string, published []byte, own string) ([]string, error) {
	list, err := parseStrings(plugin, function, published)
	if err != nil {
		return nil, err
	}
	if own != "" && !slices.Contains(list, own) {
		list = append(list, own)
	}
	return list, nil
}

// ParseAsyncEvents parses the names of the events that a plugin may inject.
func ParseAsyncEvents(plugin string, published []byte) ([]string, error) {
	if len(published) == 0 {
		return nil, pluginErr(plugin, "'get_async_events' did not return a json array but it should")
	}
	return parseStrings(plugin, "get_async_events", published)
}

// parseStrings parses a JSON array of strings without empty and duplicate elements. An empty text
// is an empty list.
func parseStrings(plugin, function string, published []byte) ([]string, error) {
	if len(published) == 0 {
		return nil, nil
	}
	var raw []text
	if err := decodeFirst(published, &raw); err != nil || raw == nil {
		return nil, pluginErr(plugin, "'%s' did not return a json array", function)
	}
	var list []string
	for _, s := range raw {
		if s != "" && !slices.Contains(list, string(s)) {
			list = append(list, string(s))
		}
	}
	return list, nil
}

// ParseOpenParams parses the result of list_open_params.
func ParseOpenParams(plugin string, published []byte) ([]sdk.OpenParam, error) {
	if len(published) == 0 {
		return nil, nil
	}
	var raw []struct{ Value, Desc, Separator text }
	if err := decodeFirst(published, &raw); err != nil || raw == nil {
		return nil, pluginErr(plugin, "list_open_params returned a non-array JSON")
	}
	list := make([]sdk.OpenParam, 0, len(raw))
	for _, p := range raw {
		if p.Value == "" {
			return nil, pluginErr(plugin, "list_open_params has entry with no value")
		}
		list = append(list, sdk.OpenParam{Value: string(p.Value), Desc: string(p.Desc), Separator: string(p.Separator)})
	}
	return list, nil
}
