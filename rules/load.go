// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
)

// File is a rules file.
type File struct {
	Name string // as messages show it
	// Content is kept, not copied: it must not be changed after it was given to [Load].
	Content []byte
}

// PluginVersion names a loaded plugin, for required_plugin_versions.
type PluginVersion struct {
	Name, Version string
	// Source is the event source of the plugin, or "". Only descriptions of rules need it.
	Source string
}

// AppendOutput adds to the outputs of the rules that it matches.
type AppendOutput struct {
	// Source, Rule and Tags restrict it: to an event source, to the rule of that name,
	// to rules that have all the tags. Empty ones restrict nothing.
	Source, Rule string
	Tags         []string
	// Format is appended to the output, after a space; "" appends nothing.
	Format string
	// Suggested appends the fields that plugins suggest, as foo_bar=%foo.bar.
	Suggested bool
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
	// Falco is the version of Falco that rules and outputs are those of.
	Falco compat.Version
	// EngineVersion is what required_engine_version is compared with; "" means that of
	// Falco's version.
	EngineVersion string
	// Append adds to outputs, one after the other.
	Append []AppendOutput
	// SuggestedOutput are further entries like those of Append, all with Suggested set.
	SuggestedOutput []AppendOutput
	// Selection is applied in order.
	Selection []SelectRule
	// MinPriority: rules that are less severe are not evaluated.
	MinPriority alert.Priority
	// ISO8601 adds evt.time.iso8601 to the output fields instead of evt.time.
	ISO8601 bool
	// NoFields leaves Rule.Fields nil: no output needs output_fields.
	NoFields bool
	// CheckOnly is for a look at the files: the Ruleset has no rules to be evaluated, only
	// what Describe needs, and takes less memory.
	CheckOnly bool
	// SchemaCheck compares the files with the JSON schema of rules files.
	SchemaCheck bool
}

// Load reads rules files, in this order, and compiles what they say. The Ruleset is nil if
// the Report is not Ok.
//
// The time it takes grows with the size of the files, not with their number: after a file,
// only what it changed is compiled again.
func Load(files []File, o Options) (*Ruleset, *Report) {
	sources := make([]*source, len(files))
	for i, f := range files {
		sources[i] = newSource(f)
	}
	return loadSources(sources, o)
}

func loadSources(sources []*source, o Options) (*Ruleset, *Report) {
	l := newLoader(sources, o, false)
	report := l.run()
	if report == nil {
		// What is wrong with a big file was found when parts of it had been read.
		l = newLoader(sources, o, false)
		l.careful = true
		report = l.run()
	}
	if !report.Ok() {
		// Falco stops at the first error of a file. People want them all: read the files
		// again, and go on after errors.
		lenient := newLoader(sources, o, true)
		report.addErrors(lenient.run())
		return nil, report
	}
	return l.build(), report
}

// loader is the state of one load.
type loader struct {
	Options
	engine   version
	sources  []*source
	lenient  bool // go on after errors
	careful  bool // look for errors of syntax in all of a file before it is read
	defs     *definitions
	compiler *compiler
	scopes   map[*fields.Layout]*filter.Scope
	budget   int // of what may be read

	results []*Result // of the files so far
	// explained are keys that mean nothing and that the hint of an error is about.
	explained   map[*yaml.Node]bool
	suggestions int // of names that were looked for

	// of the file at hand
	src    *source
	result *Result
}

func newLoader(sources []*source, o Options, lenient bool) *loader {
	l := &loader{Options: o, sources: sources, lenient: lenient, defs: newDefinitions()}
	if l.Catalogue == nil {
		l.Catalogue = fields.NewCatalogue()
	}
	if l.EngineVersion == "" {
		l.EngineVersion = l.Falco.Engine()
	}
	l.engine, _ = parseVersion(l.EngineVersion)
	for _, a := range o.SuggestedOutput {
		a.Suggested = true
		l.Append = append(slices.Clip(l.Append), a)
	}
	l.compiler = newCompiler(l)
	for _, s := range sources {
		l.budget += 8*len(s.content) + 1<<16
	}
	return l
}

// run loads all files. It returns nil if an error of syntax came too late, which it does not
// if l.careful is set.
func (l *loader) run() *Report {
	report := &Report{}
	for _, src := range l.sources {
		l.src, l.result = src, &Result{Name: src.name}
		l.results = append(l.results, l.result)
		report.Files = l.results
		if !l.loadFile() {
			return nil
		}
		if err := l.defs.missingPlugin(l.Plugins); err != nil && report.Err == nil {
			report.Err = err
		}
	}
	return report
}

func (l *loader) loadFile() bool {
	r := l.newReading()
	l.noteIgnored()
	if !l.src.whole && l.src.failure == nil && !l.readBig(r) {
		return false
	}
	if l.src.whole && l.src.failure == nil {
		var docs []*yaml.Node
		if docs, l.src.failure = parseFile(l.src.content[:l.src.end]); l.src.failure == nil {
			r.whole(docs)
		}
	}
	if l.src.failure != nil {
		l.fail(l.syntaxError(l.src.failure))
	} else if !r.stopped {
		l.compiler.compile()
	}
	return true
}

// readBig reads a file piece by piece. It returns false if that had to be given up in the
// middle; in a careful load the source says what it is then, and nothing was read.
func (l *loader) readBig(r *reading) bool {
	pieces, ok := l.src.cut(l.src.piece)
	if !ok {
		l.src.whole = true
		return true
	}
	if l.careful && !l.src.readPieces(pieces, func(int, []*yaml.Node) {}) {
		return true
	}
	if !l.src.readPieces(pieces, r.items) {
		return false
	}
	r.end()
	return true
}

// falcoSyntax are messages of Falco's YAML library, by those of this one. Tools look for them
// in the results of -V.
var falcoSyntax = map[string]string{
	"mapping values are not allowed in this context": "illegal map value",
}

func (l *loader) syntaxError(e *yamlError) *problem {
	at := filePlace(l.src)
	if e.line > 0 {
		at = &place{parent: at, kind: kindValue, src: l.src, offset: int32(l.src.offset(e.line, e.column))}
	}
	p := newProblem(ErrYAMLParse, e.msg, at)
	if words, ok := falcoSyntax[e.msg]; ok {
		p.msg = fmt.Sprintf("yaml-cpp: error at line %d, column %d: %s", e.line, e.column, words)
		p.detail = e.msg
	}
	return p
}

// known reports whether there is an event source of that name.
func (l *loader) known(source string) bool {
	return source == syscall || slices.Contains(l.Catalogue.Sources(), source)
}

// compiles reports whether rules of the source can be compiled.
func (l *loader) compiles(source string) bool {
	return source != syscall && source != "" && l.known(source)
}
