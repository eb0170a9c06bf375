// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/assembly"
)

// describeRules prints the description of all rules (-L) or of one rule (-l).
func (a *app) describeRules(asm *assembly.Assembly) error {
	out, err := asm.Rules.Describe(a.opts.describe)
	if err != nil {
		return err
	}
	if a.cfg.JSON.Output {
		_, err := fmt.Fprintf(a.stdout, "%s\n", out)
		return err
	}
	return a.writeDescribed(out)
}

// writeDescribed prints names and descriptions in two columns.
func (a *app) writeDescribed(described []byte) error {
	var d struct {
		Rules []struct {
			Info struct{ Name, Description string }
		}
	}
	if err := json.Unmarshal(described, &d); err != nil {
		return fmt.Errorf("describe rules: %w", err)
	}
	fmt.Fprintf(a.stdout, "%-50s %s\n%-50s %s\n", "Rule", "Description", "----", "-----------")
	for _, r := range d.Rules {
		fmt.Fprintf(a.stdout, "%-50s %s\n\n", r.Info.Name, wrap(r.Info.Description, 51, 110))
	}
	return nil
}

// wrap breaks a text into lines of at most width-indent characters; every line after the
// first is indented. Each word is followed by a space.
func wrap(text string, indent, width int) string {
	var b strings.Builder
	n := 0
	for word := range strings.FieldsSeq(text) {
		if n += len(word) + 1; n > width-indent {
			b.WriteString("\n" + strings.Repeat(" ", indent))
			n = len(word) + 1
		}
		b.WriteString(word + " ")
	}
	return b.String()
}
