// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/internal/screen"
)

// alternatives joins index keys. It shows at most show of them; 0 shows all.
func alternatives(witness []string, show int) string {
	if show > 0 && len(witness) > show+1 {
		return strings.Join(witness[:show], " or ") + fmt.Sprintf(" or %d others", len(witness)-show)
	}
	return strings.Join(witness, " or ")
}

// writeWitnesses prints one line per rule.
func (a *app) writeWitnesses(list []explained) {
	for i := range list {
		x := &list[i]
		text := alternatives(x.Witness, 3)
		switch {
		case !x.Evaluated:
			text = "(not evaluated: " + x.Skipped + ")"
		case text == "":
			text = "(every event) " + x.NoWitness
		}
		fmt.Fprintf(a.page, "%-45s %s\n", x.Rule, text)
	}
	fmt.Fprintln(a.page)
}

// writeExplained prints one block per rule.
func (a *app) writeExplained(list []explained) {
	for i := range list {
		x := &list[i]
		fmt.Fprintf(a.page, "%s\n  source:    %s\n", x.Rule, x.Source)
		if !x.Evaluated {
			fmt.Fprintf(a.page, "  evaluated: no, %s\n", x.Skipped)
		}
		fmt.Fprintf(a.page, "  condition: %s\n", x.Condition)
		if x.Evaluated {
			if x.NoWitness != "" {
				fmt.Fprintf(a.page, "  index key: none: %s\n", x.NoWitness)
			} else {
				fmt.Fprintf(a.page, "  index key: %s (a necessary condition)\n", alternatives(x.Witness, 0))
			}
			fmt.Fprintf(a.page, "  fields:    needed by the index: %s; needed later: %s\n", orNone(x.RoundOne), orNone(x.RoundTwo))
		}
		fmt.Fprintln(a.page)
	}
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, " ")
}

// explainSummary counts rules.
type explainSummary struct {
	Rules     int     `json:"rules"`
	Evaluated int     `json:"evaluated"`
	Witness   int     `json:"with_witness"`
	Presence  int     `json:"with_presence_only"`
	Share     float64 `json:"witness_share"`
}

func summarize(list []explained) explainSummary {
	s := explainSummary{Rules: len(list)}
	for i := range list {
		x := &list[i]
		if x.Evaluated {
			s.Evaluated++
		}
		if len(x.Witness) > 0 {
			s.Witness++
		}
		if x.Presence {
			s.Presence++
		}
	}
	if s.Evaluated > 0 {
		s.Share = float64(s.Witness) / float64(s.Evaluated)
	}
	return s
}

func (s explainSummary) text() string {
	t := screen.Plural(uint64(s.Rules), "rule") + fmt.Sprintf(", %d evaluated, %d of %d indexed (%.1f %%)", s.Evaluated, s.Witness, s.Evaluated, 100*s.Share)
	if s.Presence > 0 {
		t += fmt.Sprintf(", %d only by the presence or absence of a field", s.Presence)
	}
	return t + "\n"
}
