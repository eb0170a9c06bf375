// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/filter"
	"github.com/gyr-dev/gyr/template"
)

// Rules of the event source syscall are not compiled, as gyr does not know its fields. But a
// field that a plugin has for another source surely is not one of them.

// syscallClasses are what the names of fields of the event source syscall begin with.
var syscallClasses = []string{
	"evt", "proc", "thread", "fd", "fdlist", "fs", "user", "group", "syslog", "util", "static",
	"container", "k8s",
}

// foreign reports whether a field surely does not exist for the source syscall.
func (c *compiler) foreign(name string) bool {
	class, _, _ := strings.Cut(name, ".")
	if slices.Contains(syscallClasses, class) || c.Catalogue.Lookup(syscall, name) != nil {
		return false
	}
	return slices.ContainsFunc(c.Catalogue.Sources(), func(s string) bool { return c.Catalogue.Lookup(s, name) != nil })
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
