// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"io"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/fields"
)

// File is a rules file.
type File struct {
	Name    string // as messages show it
	Content []byte
}

// PluginVersion names a loaded plugin, for required_plugin_versions.
type PluginVersion struct{ Name, Version string }

// AppendOutput adds to the outputs of the rules that it matches.
type AppendOutput struct {
	// Source, Rule and Tags restrict it: to an event source, to the rule of that name,
	// to rules that have all the tags. Empty ones restrict nothing.
	Source, Rule string
	Tags         []string
	// Format is appended to the output, after a space; "" appends nothing.
	Format string
	// Fields add to output_fields only.
	Fields []AppendField
}

// AppendField is a further output field.
type AppendField struct {
	// Key is its name in output_fields.
	Key string
	// Format is a template; if it is "" the value is that of the field Key, with its type.
	Format string
}

// SelectRule enables or disables rules after all files are read.
type SelectRule struct {
	Enable bool
	// Rule is a name in which * stands for any text; Tag is a tag. One of them is set.
	Rule, Tag string
}

// Options say what rules are compiled for.
type Options struct {
	// Catalogue knows the event sources and their fields.
	Catalogue *fields.Catalogue
	// Plugins are the loaded plugins.
	Plugins []PluginVersion
	// EngineVersion is what required_engine_version is compared with ("0.62.0").
	EngineVersion string
	// Append adds to outputs, one after the other.
	Append []AppendOutput
	// SuggestedOutput appends the fields that plugins suggest to the outputs of
	// matching rules; one that matches everything: []AppendOutput{{}}.
	SuggestedOutput []AppendOutput
	// Selection is applied in order.
	Selection []SelectRule
	// MinPriority: rules that are less severe are not evaluated.
	MinPriority alert.Priority
	// ISO8601 adds evt.time.iso8601 to the output fields instead of evt.time.
	ISO8601 bool
	// NoFields leaves Rule.Fields nil: no output needs output_fields.
	NoFields bool
	// SchemaCheck compares the files with the JSON schema of rules files.
	SchemaCheck bool
	// MaxErrors is how many errors are collected, 0 for a default.
	MaxErrors int
}

// Load reads rules files, in this order, and compiles what they say. The Ruleset is nil if
// the Report is not Ok.
func Load(files []File, o Options) (*Ruleset, *Report) {
	return &Ruleset{Sources: map[string]*SourceRules{}}, &Report{}
}

// Report is what there is to say about rules files.
type Report struct {
	// Files are the results, in the order of the files.
	Files []*Result
	// Err is a plugin requirement that is not met. It goes before the errors of files.
	Err error
}

// Result is what there is to say about one file.
type Result struct {
	Name string
}

// Ok reports whether there are no errors.
func (r *Report) Ok() bool { return r.Err == nil }

// WriteText writes all errors and warnings for people, in gyr's own form.
func (r *Report) WriteText(w io.Writer) error { return nil }

// JSON returns {"falco_load_results":[...]}.
func (r *Report) JSON() []byte { return nil }

type definitions struct{}

type ruleDef struct{}
