// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/rules"
)

func newCaptureCat(a *app) *cobra.Command {
	var asJSON bool
	var fields []string
	c := &cobra.Command{
		Use:   "cat FILE [CONDITION]",
		Short: "Print the events of a capture file, all or those that match a condition",
		Args:  arguments(1, 2),
		Example: `  gyr capture cat logs.scap
  gyr capture cat logs.scap 'ct.error exists' -f ct.name -f ct.error
  gyr capture cat logs.scap --json -f ct.user`,
		RunE: a.plugged(assembly.Initialised, func(ctx context.Context, asm *assembly.Assembly, args []string) error {
			r, err := a.openForReading(args[0], asm.SourceOf)
			if err != nil {
				return err
			}
			defer r.Close()
			defer a.watch(args[0], shareOf(r))()
			s := a.newSelection(asm, strings.Join(args[1:], ""), catTemplate(fields), fields...)
			p := &printer{out: bufio.NewWriterSize(a.stdout, 64<<10), json: asJSON}
			err = s.run(ctx, r, p)
			if ferr := p.out.Flush(); err == nil {
				err = ferr
			}
			return err
		}),
	}
	a.pluginFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "Print a JSON object with the fields of each event")
	c.Flags().StringArrayVarP(&fields, "field", "f", nil, "Print this `field` instead of the event's text; may be repeated")
	return c
}

// catTemplate returns the output template for an event.
func catTemplate(fields []string) string {
	t := "%evt.num %evt.datetime %evt.source"
	if len(fields) == 0 {
		return t + " %evt.plugininfo"
	}
	for _, f := range fields {
		t += " " + f + "=%" + f
	}
	return t
}

// printer implements engine.Handler. It prints events.
type printer struct {
	out  *bufio.Writer
	json bool
	line []byte
}

func (p *printer) Match(_ *event.Batch, _ int, r *rules.Rule, env *filter.Env) {
	if p.json {
		p.line = r.Fields.AppendJSON(p.line[:0], env)
	} else {
		p.line = r.Message.AppendText(p.line[:0], env)
	}
	p.line = append(p.line, '\n')
	p.out.Write(p.line) // Flush returns the error
}
