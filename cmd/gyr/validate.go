// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/rules"
)

// validateRules checks the files of -V and prints the result: as JSON with all errors and
// warnings, or as text with one line per valid file.
func (a *app) validateRules(asm *assembly.Assembly) error {
	files, err := assembly.ReadRules(a.opts.validate)
	if err != nil {
		return err
	}
	a.log.Info("Validating rules file(s):")
	for _, f := range files {
		a.log.Info("   " + f.Name)
	}
	o := asm.RulesOptions()
	o.CheckOnly = true
	set, report := rules.Load(files, o)
	if report.Err != nil {
		return report.Err
	}
	var texts []string
	for _, f := range report.Files {
		if f.Ok() && len(f.Warnings) > 0 {
			texts = append(texts, f.Summary())
		} else {
			texts = append(texts, f.Text())
		}
	}
	if report.Ok() {
		assembly.LogWarnings(a.log, report)
	}
	summary := strings.Join(texts, "\n")
	if err := a.printValidation(summary, set, report); err != nil {
		return err
	}
	return report.Failure()
}

func (a *app) printValidation(summary string, set *rules.Ruleset, report *rules.Report) error {
	var described []byte
	var err error
	if report.Ok() && (a.opts.describeAll || a.opts.describe != "") {
		if described, err = set.Describe(a.opts.describe); err != nil {
			return err
		}
	}
	if !a.cfg.JSON.Output {
		fmt.Fprintln(a.stdout, summary)
		if described != nil {
			fmt.Fprintln(a.stdout)
			return a.writeDescribed(described)
		}
		return nil
	}
	out := report.JSON()
	if described != nil {
		var m map[string]json.RawMessage
		if err := json.Unmarshal(out, &m); err != nil {
			return err
		}
		m["falco_describe_results"] = described
		if out, err = json.Marshal(m); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(a.stdout, "%s\n", out)
	return err
}
