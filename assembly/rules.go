// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/internal/screen"
	"github.com/gyr-dev/gyr/rules"
)

// RulesOptions say what rules files are loaded for. The assembly must be Initialised.
func (a *Assembly) RulesOptions() rules.Options {
	o := rules.Options{
		Catalogue: a.Catalogue.Fields, Falco: a.Config.Falco,
		MinPriority: alert.Priority(a.Config.Priority), ISO8601: a.Config.TimeISO8601,
		NoFields: !a.Config.JSON.Output || !a.Config.JSON.WithFields, SchemaCheck: true,
	}
	for _, p := range a.Plugins {
		o.Plugins = append(o.Plugins, rules.PluginVersion{Name: p.Info.Name, Version: p.Info.Version})
	}
	for _, c := range a.Config.AppendOutput {
		to := rules.AppendOutput{Source: c.Source, Rule: c.Rule, Tags: c.Tags, Format: c.Output, Suggested: c.Suggested}
		for _, f := range c.Fields {
			to.Fields = append(to.Fields, rules.AppendField{Key: f.Key, Format: f.Format})
		}
		o.Append = append(o.Append, to)
	}
	if extra := a.opts.appendOutput(); extra != "" {
		o.Append = append(o.Append, rules.AppendOutput{Format: extra})
	}
	for _, s := range a.Config.RuleSelect {
		o.Selection = append(o.Selection, rules.SelectRule{Enable: s.Enable, Rule: s.Rule, Tag: s.Tag})
	}
	return o
}

// appendOutput is what is appended to all outputs. The words for containers have had no
// effect since a plugin suggests their fields itself.
func (o *Options) appendOutput() string {
	switch o.AppendOutput {
	case "c", "container", "k", "kubernetes":
		return ""
	}
	return o.AppendOutput
}

// ReadRules reads rules files by name.
func ReadRules(names []string) ([]rules.File, error) {
	var files []rules.File
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("Could not open/read rules file %s: %w", name, err)
		}
		files = append(files, rules.File{Name: name, Content: content})
	}
	return files, nil
}

// rulesPaths are the files and folders that are to be read.
func (a *Assembly) rulesPaths() []string {
	if len(a.opts.RulesFiles) > 0 {
		return a.opts.RulesFiles
	}
	return a.Config.RulesFiles
}

// loadRules compiles the rules files of -r or of the configuration.
func (a *Assembly) loadRules() error {
	names, err := a.rulesFiles()
	if err == nil {
		a.Files, err = ReadRules(names)
	}
	if err != nil {
		return err
	}
	set, report := rules.Load(a.Files, a.RulesOptions())
	if err := a.logReport(report); err != nil {
		return err
	}
	a.Rules = set
	a.logSelection()
	a.logSkipped()
	if set.Rules > 0 {
		return nil
	}
	why := noRules(names, set)
	if a.opts.RequireRules {
		return errors.New(why)
	}
	a.opts.Log.Warn(why)
	return nil
}

// logReport logs the result of each file, and returns the reason not to go on.
func (a *Assembly) logReport(report *rules.Report) error {
	a.opts.Log.Info("Loading rules from:")
	for _, f := range report.Files {
		level := slog.LevelInfo
		if f.Schema() != "ok" {
			level = slog.LevelWarn
		}
		a.opts.Log.Log(context.Background(), level, fmt.Sprintf("   %s | schema validation: %s", f.Name, f.Schema()))
	}
	if report.Ok() || report.Err != nil { // else the error has them
		LogWarnings(a.opts.Log, report)
	}
	err := report.Failure()
	var missing *rules.RequirementError
	if errors.As(err, &missing) && len(missing.Plugins) > 0 {
		return AdviseMissing(err, missing.Plugins...)
	}
	return err
}

func (a *Assembly) logSelection() {
	for _, s := range a.Config.RuleSelect {
		word := "Disabling"
		if s.Enable {
			word = "Enabling"
		}
		if s.Rule != "" {
			a.opts.Log.Info(word + " rules with name: " + s.Rule)
		} else {
			a.opts.Log.Info(word + " rules with tag: " + s.Tag)
		}
	}
}

// compile prepares the rules of each event source for evaluation.
func (a *Assembly) compile() error {
	a.Programs = map[string]*engine.Program{}
	for name, r := range a.Rules.Sources {
		p, err := engine.New(r, engine.Options{MatchAll: a.Config.RuleMatchAll})
		if err != nil {
			return err
		}
		a.Programs[name] = p
	}
	return nil
}

// logSkipped logs how many rules can never match.
func (a *Assembly) logSkipped() {
	if n := a.Rules.Skipped.Syscall; n > 0 {
		a.opts.Log.Info(screen.Plural(uint64(n), "rule") + " of the event source syscall loaded that can never match: gyr has no system calls")
	}
}

// Paths returns the files and folders that the configuration and its rules were read from,
// as they were named.
func (a *Assembly) Paths() []string {
	var paths []string
	for _, f := range a.Config.Files {
		paths = append(paths, f.Path)
	}
	paths = append(paths, a.Config.Folders...)
	return append(paths, a.rulesPaths()...)
}
