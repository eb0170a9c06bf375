// SPDX-License-Identifier: Apache-2.0

package host

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// CheckConfig validates a configuration against the plugin's JSON schema. It returns the text to
// pass to the plugin: config, or "{}" if config is empty and there is a schema. Without a schema
// every text is valid.
func CheckConfig(plugin, schema, config string) (string, error) {
	if schema == "" {
		return config, nil
	}
	compiled, err := compileSchema(plugin, schema)
	if err != nil {
		return "", err
	}
	if config == "" {
		config = "{}"
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(config))
	if err != nil {
		return "", pluginErr(plugin, "init config is not a valid json")
	}
	if err := compiled.Validate(value); err != nil {
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			return "", pluginErr(plugin, "init config: %v", err)
		}
		e := topMost(invalid)
		return "", fmt.Errorf("error in plugin %s init config: In %s, %s", plugin, location(e), describeSchemaError(e))
	}
	return config, nil
}

// compileSchema compiles a schema. The schema must not refer to files or the network.
func compileSchema(plugin, schema string) (*jsonschema.Schema, error) {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if _, ok := value.(map[string]any); err != nil || !ok {
		return nil, pluginErr(plugin, "get_init_schema did not return a json object")
	}
	const url = "schema.json"
	c := jsonschema.NewCompiler()
	c.UseLoader(noLoader{})
	if err := c.AddResource(url, value); err != nil {
		return nil, pluginErr(plugin, "get_init_schema returned a schema that is not valid: %v", err)
	}
	compiled, err := c.Compile(url)
	if err != nil {
		return nil, pluginErr(plugin, "get_init_schema returned a schema that is not valid: %v", err)
	}
	return compiled, nil
}

type noLoader struct{}

// Load implements jsonschema.URLLoader.
func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("reference to %s outside the schema", url)
}

// topMost returns the error to show: the first one in document order.
func topMost(e *jsonschema.ValidationError) *jsonschema.ValidationError {
	var leaves []*jsonschema.ValidationError
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			leaves = append(leaves, e)
		}
		for _, c := range e.Causes {
			walk(c)
		}
	}
	walk(e)
	slices.SortStableFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(slices.Compare(a.InstanceLocation, b.InstanceLocation), slices.Compare(a.ErrorKind.KeywordPath(), b.ErrorKind.KeywordPath()))
	})
	return leaves[0]
}

// location returns the position of an error in the configuration: <root>[list][0].
func location(e *jsonschema.ValidationError) string {
	var b strings.Builder
	b.WriteString("<root>")
	for _, step := range e.InstanceLocation {
		b.WriteString("[" + step + "]")
	}
	return b.String()
}

// describeSchemaError returns Falco's message for an error.
func describeSchemaError(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return "Value type not permitted by 'type' constraint."
	case *kind.Required:
		slices.Sort(k.Missing)
		return fmt.Sprintf("Missing required property '%s'.", k.Missing[0])
	case *kind.AdditionalProperties:
		slices.Sort(k.Properties)
		return fmt.Sprintf("Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: '%s'.", k.Properties[0])
	case *kind.Enum:
		return "Failed to match against any enum values."
	case *kind.Const:
		return "Failed to match expected value set by 'const' constraint."
	case *kind.Pattern:
		return "Failed to match regex specified by 'pattern' constraint."
	case *kind.MinLength:
		return fmt.Sprintf("String should be no fewer than %d characters in length.", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("String should be no more than %d characters in length.", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("Array should contain no fewer than %d elements.", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("Array should contain no more than %d elements.", k.Want)
	case *kind.Minimum:
		return "Expected number greater than or equal to " + k.Want.RatString()
	case *kind.Maximum:
		return "Expected number less than or equal to " + k.Want.RatString()
	}
	text := e.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 {
		text = text[i+2:]
	}
	return text
}

// CheckSchemaType checks the kind of schema reported by get_init_schema, with the numbers of the C
// interface. It reports whether there is a schema.
func CheckSchemaType(plugin, schema string, kind int32) (bool, error) {
	switch {
	case schema == "" || kind == 0:
		return false, nil
	case kind == 1:
		return true, nil
	}
	return false, pluginErr(plugin, "get_init_schema returned an unknown schema type %d", kind)
}
