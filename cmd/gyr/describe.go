// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/internal/screen"
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
	t := screen.NewColumns(51, 110, a.width)
	fmt.Fprintf(a.page, "%s\n%s\n", t.Row("Rule", "Description"), t.Row("----", "-----------"))
	for _, r := range d.Rules {
		fmt.Fprintf(a.page, "%s\n\n", t.Row(r.Info.Name, t.Wrap(r.Info.Description)))
	}
	return nil
}
