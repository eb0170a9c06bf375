// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/gyr-dev/gyr/internal/screen"
	"github.com/gyr-dev/gyr/rules"
)

// rulesFiles returns the names of the rules files to load: those of -r or else of the
// configuration. It logs what is left out.
func (a *Assembly) rulesFiles() ([]string, error) {
	paths := a.rulesPaths()
	if len(a.opts.RulesFiles) == 0 {
		for _, name := range a.Config.MissingRules {
			a.opts.Log.Info("Rules file " + name + " does not exist")
		}
	}
	if len(paths) == 0 {
		err := errors.New("You must specify at least one rules file/directory via -r or a rules_files entry in falco.yaml")
		if missing := a.Config.MissingRules; len(missing) > 0 {
			return nil, &AdvisedError{err, "None of the files in rules_files exists: " + strings.Join(missing, ", ") + "."}
		}
		return nil, err
	}
	names, leftOut, err := expandRules(paths)
	for _, why := range leftOut {
		a.opts.Log.Warn(why)
	}
	for _, name := range names {
		a.warnWritable("rules file", name)
	}
	return names, err
}

// expandRules replaces folders by their YAML files, sorted, and leaves out files that are
// not named like YAML. leftOut says what else would be expected to be loaded, and is not.
func expandRules(paths []string) (names, leftOut []string, err error) {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			inside, err := rulesOf(path)
			if err != nil {
				return nil, nil, err
			}
			if len(inside) == 0 {
				leftOut = append(leftOut, "Folder "+path+" has no rules files, which are named *.yaml or *.yml")
			}
			names = append(names, inside...)
			continue
		}
		if !namedRules(path) {
			leftOut = append(leftOut, fmt.Sprintf("Rules file %s is left out: rules files are named *.yaml or *.yml", path))
			continue
		}
		names = append(names, path)
	}
	return names, leftOut, nil
}

// rulesOf returns the rules files of a folder, sorted.
func rulesOf(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		file := filepath.Join(folder, e.Name())
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && namedRules(file) {
			names = append(names, file)
		}
	}
	sort.Strings(names)
	return names, nil
}

func namedRules(file string) bool {
	return strings.HasSuffix(file, ".yaml") || strings.HasSuffix(file, ".yml")
}

// noRules says why no rule of these files is left to evaluate.
func noRules(files []string, set *rules.Ruleset) string {
	var why []string
	n := set.Skipped
	for _, c := range []struct {
		n   int
		why string
	}{
		{n.Disabled, "disabled"},
		{n.Priority, "below the minimum priority"},
		{n.UnknownSource, "of an event source that no loaded plugin provides"},
		{n.Syscall, "of the event source syscall, which gyr does not have"},
		{n.UnknownField, "skipped because of an unknown field"},
	} {
		if c.n > 0 {
			why = append(why, fmt.Sprintf("%s %s", screen.Plural(uint64(c.n), "rule"), c.why))
		}
	}
	where := "No rule to evaluate in " + strings.Join(files, ", ")
	switch {
	case len(files) == 0:
		return "No rule to evaluate: no rules file was loaded"
	case len(why) == 0 && len(files) == 1:
		return where + ": the file has no rules"
	case len(why) == 0:
		return where + ": the files have no rules"
	}
	return where + ": " + strings.Join(why, ", ")
}
