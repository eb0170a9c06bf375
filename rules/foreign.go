// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// Rules of the event source syscall are not compiled, as gyr has no such events. But a field
// that Falco does not have for them is an error, as it is there.

// otherClasses are what the names of further fields of the event source syscall begin with:
// those of static_fields, and of plugins that Falco's own configuration loads.
var otherClasses = []string{"syslog", "static", "container", "k8s"}

// foreign reports whether a field surely does not exist for the source syscall.
func (c *compiler) foreign(name string) bool {
	class, _, _ := strings.Cut(name, ".")
	switch {
	case slices.Contains(otherClasses, class) || c.Catalogue.Lookup(syscall, name) != nil:
		return false
	case syscallFieldNames()[class]:
		return !isSyscallField(name)
	case len(c.Plugins) == 0: // which could have it
		return strings.Contains(name, ".")
	}
	return slices.ContainsFunc(c.Catalogue.Sources(), func(s string) bool { return c.Catalogue.Lookup(s, name) != nil })
}

// skipOr makes a warning of a problem with a field that does not exist if the rule asks for
// that, and the rule is skipped; it returns other problems.
func (r *compiledRule) skipOr(p *problem) *problem {
	if p == nil || !r.def.skipUnknown || !isUnknown(p.msg) {
		return p
	}
	r.warn(WarnUnknownFilter, p.msg, p.at)
	r.skipped = true
	return nil
}

func (c *compiler) checkForeignFields(r *compiledRule, e expanded) (p *problem) {
	filter.Walk(e.node, func(n filter.Node) bool {
		switch n.(type) {
		case *filter.Unary, *filter.Binary:
			if name := c.foreignField(n); p == nil && name != "" {
				p = newProblem(ErrCondition, msgNoField(name), r.def.condAt.condition(e.text, n.Pos()))
			}
			return false
		}
		return p == nil
	})
	return p
}

// foreignField returns the first field of a check that the source syscall does not have, as it
// is written there; or "".
func (c *compiler) foreignField(check filter.Node) (name string) {
	filter.Walk(check, func(n filter.Node) bool {
		if f, ok := n.(*filter.FieldNode); ok && name == "" && c.foreign(f.Name) {
			name = f.String()
		}
		return name == ""
	})
	return name
}

// fieldPos returns where a check has a field.
func fieldPos(check filter.Node, name string) filter.Pos {
	at := check.Pos()
	filter.Walk(check, func(n filter.Node) bool {
		f, ok := n.(*filter.FieldNode)
		if ok && f.String() == name {
			at = f.At
		}
		return !ok
	})
	return at
}

var outputField = regexp.MustCompile(`%[0-9]*([a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+)`)

func (c *compiler) checkForeignOutput(r *compiledRule) *problem {
	for _, m := range outputField.FindAllStringSubmatch(r.output, -1) {
		if !c.foreign(m[1]) {
			continue
		}
		if _, err := template.Compile(r.output, c.scope(syscall, false)); err != nil {
			return newProblem(ErrOutput, err.Error(), r.def.outputAt)
		}
	}
	return nil
}

// foreignOutput reports all fields of an output that the source syscall does not have.
func (f *faults) foreignOutput() {
	p := f.checkForeignOutput(f.r)
	if p == nil {
		return
	}
	for _, m := range outputField.FindAllStringSubmatchIndex(f.r.output, -1) {
		if name := f.r.output[m[2]:m[3]]; f.foreign(name) {
			f.report(f.outputProblem(p.msg, template.Finding{Offset: m[2], Message: "unknown field " + name, Field: name}))
		}
	}
}
