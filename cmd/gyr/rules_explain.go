// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
)

func newRulesExplain(a *app) *cobra.Command {
	var index, asJSON bool
	c := &cobra.Command{
		Use:   "explain [RULE...]",
		Short: "Show the compiled condition, the fields and the index keys of rules",
		Example: `  gyr rules explain -c falco.yaml 'Root login'
  gyr rules explain -c falco.yaml -r my_rules.yaml --index`,
		RunE: a.plugged(assembly.Compiled, func(_ context.Context, asm *assembly.Assembly, names []string) error {
			list, err := explain(asm, names)
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return a.printJSON(struct {
					Rules   []explained    `json:"rules"`
					Summary explainSummary `json:"summary"`
				}{list, summarize(list)})
			case index:
				a.writeWitnesses(list)
			default:
				a.writeExplained(list)
			}
			_, err = fmt.Fprint(a.page, summarize(list).text())
			return err
		}),
	}
	a.pluginFlags(c)
	c.Flags().StringArrayVarP(&a.opts.rules, "rules", "r", nil, "Load this rules `file` or folder instead of rules_files; may be repeated")
	c.Flags().BoolVar(&index, "index", false, "Print only the index keys, one line per rule")
	c.Flags().BoolVar(&asJSON, "json", false, "Print JSON")
	return c
}

// explained describes a rule.
type explained struct {
	Rule      string   `json:"rule"`
	Source    string   `json:"source"`
	Enabled   bool     `json:"enabled"`
	Condition string   `json:"condition"`
	Evaluated bool     `json:"evaluated"`
	Skipped   string   `json:"not_evaluated,omitempty"` // the reason
	Witness   []string `json:"witness"`                 // alternatives, as conditions
	NoWitness string   `json:"no_witness,omitempty"`    // why there is no index key
	Presence  bool     `json:"presence_only"`           // indexed only by the presence or absence of a field
	RoundOne  []string `json:"fields_round_one"`
	RoundTwo  []string `json:"fields_round_two"`
}

// explain describes the rules with these names, or all rules.
func explain(asm *assembly.Assembly, names []string) ([]explained, error) {
	described, err := asm.Rules.Describe("")
	if err != nil {
		return nil, err
	}
	var d struct {
		Rules []struct {
			Info struct {
				Name, Source string
				Enabled      bool
			}
		}
	}
	if err := json.Unmarshal(described, &d); err != nil {
		return nil, fmt.Errorf("describe rules: %w", err)
	}
	evaluated := map[string]engine.Explanation{}
	for _, p := range asm.Programs {
		for i, r := range p.Rules() {
			evaluated[r.Name] = p.Explain(i)
		}
	}
	list := []explained{}
	for _, r := range d.Rules {
		if len(names) > 0 && !slices.Contains(names, r.Info.Name) {
			continue
		}
		x := explained{Rule: r.Info.Name, Source: r.Info.Source, Enabled: r.Info.Enabled, Condition: asm.Rules.Condition(r.Info.Name)}
		x.Witness, x.RoundOne, x.RoundTwo = []string{}, []string{}, []string{}
		if e, ok := evaluated[x.Rule]; ok {
			x.fill(&e)
		} else {
			x.Skipped = whySkipped(asm, &x)
		}
		list = append(list, x)
	}
	for _, n := range names {
		if !slices.ContainsFunc(list, func(x explained) bool { return x.Rule == n }) {
			return nil, fmt.Errorf("unknown rule %q", n)
		}
	}
	return list, nil
}

func (x *explained) fill(e *engine.Explanation) {
	x.Evaluated, x.NoWitness = true, e.Why
	for _, at := range e.Atoms {
		x.Witness = append(x.Witness, at.String())
		x.Presence = x.Presence || at.Kind == filter.WitnessExists || at.Kind == filter.WitnessAbsent
	}
	x.RoundOne, x.RoundTwo = refNames(e.Early), refNames(e.Late)
}

func refNames(refs []fields.Ref) []string {
	names := []string{}
	for _, r := range refs {
		names = append(names, r.String())
	}
	return names
}

// whySkipped returns why a rule is not evaluated.
func whySkipped(asm *assembly.Assembly, x *explained) string {
	switch {
	case x.Source == assembly.SyscallSource:
		return "gyr does not capture system calls"
	case asm.Source(x.Source) == nil:
		return "no loaded plugin provides the event source " + x.Source
	case !x.Enabled:
		return "disabled"
	}
	return "excluded by the rule selection or the minimum priority of the configuration"
}
