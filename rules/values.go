// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"strings"

	"github.com/gyr-dev/gyr/filter"
)

// maxValues bounds the values of one condition that are reported.
const maxValues = 20

// badValues reports the values of exceptions and lists because of which a condition cannot be
// read, with a problem as p is, and says whether there are any. A value is written into the
// condition as it is, so it may have to have quotes of its own.
func (c *compiler) badValues(p *problem, exceptions []exception, lists []*compiledList) (ofExceptions, ofLists bool) {
	n := 0
	bad := func(value string, at *place) {
		var t tracer
		t.quoteItem(value, nil)
		if _, ok := filter.CountValues(string(t.text), c.Falco); ok || n >= maxValues {
			return
		}
		n++
		one := newProblem(p.code, p.msg, p.at)
		one.mark = at
		one.detail = "the value " + value + " cannot be read within a condition"
		one.hint = "write it with quotes of its own: " + inYAML(value)
		c.fail(one)
	}
	for i := range exceptions {
		exceptions[i].eachValue(bad)
	}
	before := n
	for _, l := range lists {
		l.each(c.defs, func(item string, from *listDef, i int) { bad(item, from.itemPlace(i)) })
	}
	return before > 0, n > before
}

// inYAML returns a value with the quotes of conditions around it, as a list in a file has it.
func inYAML(v string) string {
	v = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
	return "'" + strings.ReplaceAll(v, "'", "''") + "'"
}
