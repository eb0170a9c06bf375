// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/rules"
)

// rulesOptions say what rules are compiled for.
func (a *app) rulesOptions() rules.Options {
	o := rules.Options{
		Catalogue: a.catalogue.fields, EngineVersion: rules.EngineVersion,
		MinPriority: alert.Priority(a.cfg.Priority), ISO8601: a.cfg.TimeISO8601,
		NoFields: !a.cfg.JSON.Output || !a.cfg.JSON.WithFields, SchemaCheck: true,
	}
	for _, p := range a.plugins {
		o.Plugins = append(o.Plugins, rules.PluginVersion{Name: p.info.Name, Version: p.info.Version})
	}
	for _, c := range a.cfg.AppendOutput {
		to := rules.AppendOutput{Source: c.Source, Rule: c.Rule, Tags: c.Tags, Format: c.Output, Suggested: c.Suggested}
		for _, f := range c.Fields {
			to.Fields = append(to.Fields, rules.AppendField{Key: f.Key, Format: f.Format})
		}
		o.Append = append(o.Append, to)
	}
	if extra := a.printOption(); extra != "" {
		o.Append = append(o.Append, rules.AppendOutput{Format: extra})
	}
	for _, s := range a.cfg.RuleSelect {
		o.Selection = append(o.Selection, rules.SelectRule{Enable: s.Enable, Rule: s.Rule, Tag: s.Tag})
	}
	return o
}

// printOption is what -p appends to all outputs. The words for containers have had no
// effect since a plugin suggests their fields itself.
func (a *app) printOption() string {
	switch a.opts.print {
	case "c", "container", "k", "kubernetes":
		return ""
	}
	return a.opts.print
}

// readRules reads files by name.
func readRules(names []string) ([]rules.File, error) {
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

// expandRules replaces folders by their YAML files, sorted, and leaves out files that are
// not named like YAML.
func expandRules(paths []string) ([]string, error) {
	var out []string
	for _, path := range paths {
		names := []string{path}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			entries, err := os.ReadDir(path)
			if err != nil {
				return nil, err
			}
			names = nil
			for _, e := range entries {
				file := filepath.Join(path, e.Name())
				if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
					names = append(names, file)
				}
			}
			sort.Strings(names)
		}
		for _, n := range names {
			if strings.HasSuffix(n, ".yaml") || strings.HasSuffix(n, ".yml") {
				out = append(out, n)
			}
		}
	}
	return out, nil
}

// loadRules compiles the rules files of -r or of the configuration.
func loadRules(a *app) error {
	paths := a.cfg.RulesFiles
	if len(a.opts.rules) > 0 {
		paths = a.opts.rules
	}
	if len(paths) == 0 {
		return errors.New("You must specify at least one rules file/directory via -r or a rules_file entry in falco.yaml")
	}
	names, err := expandRules(paths)
	if err == nil {
		a.files, err = readRules(names)
	}
	if err != nil {
		return err
	}
	set, report := rules.Load(a.files, a.rulesOptions())
	if err := a.logReport(report); err != nil {
		return err
	}
	a.rules = set
	a.logSelection()
	a.logSkipped()
	return nil
}

// logReport logs the result of each file, and returns the reason not to go on.
func (a *app) logReport(report *rules.Report) error {
	a.log.Info("Loading rules from:")
	for _, f := range report.Files {
		level := slog.LevelInfo
		if f.Schema() != "ok" {
			level = slog.LevelWarn
		}
		a.log.Log(nil2ctx, level, fmt.Sprintf("   %s | schema validation: %s", f.Name, f.Schema()))
		if f.Ok() && f.HasWarnings() {
			a.log.Warn(f.Text())
		}
	}
	return reportError(report)
}

// reportError is the error that says everything that is wrong with the rules files; nil
// if nothing is.
func reportError(report *rules.Report) error {
	if report.Err != nil {
		return report.Err
	}
	if report.Ok() {
		return nil
	}
	var b strings.Builder
	for _, f := range report.Files {
		if !f.Ok() {
			b.WriteString(f.Summary() + "\n")
		}
	}
	if err := report.WriteText(&b); err != nil {
		return err
	}
	return errors.New(strings.TrimSuffix(b.String(), "\n"))
}

func (a *app) logSelection() {
	for _, s := range a.cfg.RuleSelect {
		word := "Disabling"
		if s.Enable {
			word = "Enabling"
		}
		if s.Rule != "" {
			a.log.Info(word + " rules with name: " + s.Rule)
		} else {
			a.log.Info(word + " rules with tag: " + s.Tag)
		}
	}
}

// logSkipped tells what became of rules that nobody will see an alert of.
func (a *app) logSkipped() {
	if n := a.rules.Skipped.Syscall; n > 0 {
		a.log.Info(plural(uint64(n), "rule") + " of the event source syscall loaded that can never match: gyr has no system calls")
	}
}
