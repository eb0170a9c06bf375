// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/filter"
)

// deprecatedFields are fields of the source syscall that no longer mean anything.
var deprecatedFields = []struct{ name, reason string }{
	{"evt.dir", "due to the drop of enter events, 'evt.dir = <' always evaluates to true, and 'evt.dir = >' always evaluates to false. The rule expression can be simplified by removing the condition on 'evt.dir'"},
	{"evt.latency", msgNoLatency},
	{"evt.latency.s", msgNoLatency},
	{"evt.latency.ns", msgNoLatency},
	{"evt.latency.human", msgNoLatency},
	{"evt.wait_latency", msgNoLatency},
}

const msgNoLatency = "field is not available due to the drop of enter events."

// warnOfOutput warns of deprecated fields in a template.
func (r *compiledRule) warnOfOutput(format string) {
	for _, d := range deprecatedFields {
		if strings.Contains(format, d.name) {
			r.warn(WarnDeprecated, msgDeprecatedInOutput(d.name), r.def.outputAt).Deprecated = d.name
		}
	}
}

// use is where a condition has a field.
type use struct{ check, field filter.Node }

// warnOfCondition warns of comparisons with <NA> and of deprecated fields.
func (c *compiler) warnOfCondition(r *compiledRule, e expanded) {
	var unsafe *use
	used := map[string]use{}
	filter.Walk(e.node, func(n filter.Node) bool {
		switch n := n.(type) {
		case *filter.Unary:
			lastField(n.Left, n, used)
			return false
		case *filter.Binary:
			if isUnsafe(lastField(n.Left, n, used)) && isEquality(n) {
				lastField(n.Right, n, used)
				if unsafe == nil && hasNA(n.Right) {
					unsafe = &use{n, n.Left}
				}
			}
			return false
		}
		return true
	})
	warn := func(code Code, msg string, at use) *Issue {
		issue := r.warn(code, msg, r.def.condAt.condition(e.text, filter.Pos{}))
		issue.mark = c.markOf(r, at.check, c.ruleText(r.def), at.field.Pos(), -1)
		return issue
	}
	if unsafe != nil {
		warn(WarnUnsafeNA, "", *unsafe)
	}
	for _, d := range deprecatedFields {
		if at, ok := used[d.name]; ok {
			warn(WarnDeprecated, d.reason, at).Deprecated = d.name
		}
	}
}

// lastField notes the fields of an operand of a check and returns the last of them.
func lastField(n, check filter.Node, used map[string]use) (last string) {
	filter.Walk(n, func(n filter.Node) bool {
		if f, ok := n.(*filter.FieldNode); ok {
			last = f.Name
			if _, again := used[last]; !again {
				used[last] = use{check, f}
			}
		}
		return true
	})
	return last
}

// isUnsafe reports whether a field shows <NA> as a value of its own.
func isUnsafe(field string) bool {
	return strings.HasPrefix(field, "ka.") || strings.HasPrefix(field, "jevt.")
}

func isEquality(n *filter.Binary) bool {
	return n.Mod == "" && slices.Contains([]string{"==", "=", "!=", "in", "intersects", "pmatch"}, n.Op)
}

func hasNA(n filter.Node) (found bool) {
	filter.Walk(n, func(n filter.Node) bool {
		switch n := n.(type) {
		case *filter.ValueNode:
			found = found || n.Text == "<NA>"
		case *filter.ListNode:
			found = found || slices.Contains(n.Values, "<NA>")
		}
		return true
	})
	return found
}
