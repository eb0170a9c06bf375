// SPDX-License-Identifier: Apache-2.0

package rules

import "github.com/gyr-dev/gyr/alert"

// Definitions are what the files say, merged and not compiled. Things that can be redefined
// have an index, their rank in order of first definition, and a visibility, the rank of the
// last change: it sees what has a smaller index.

// listDef is a list.
type listDef struct {
	name              string
	items             []string
	at                *place
	index, visibility int
}

// macroDef is a macro.
type macroDef struct {
	name, cond        string
	at, condAt        *place
	index, visibility int
}

// ruleDef is a rule.
type ruleDef struct {
	name, source, cond, output, desc string
	at, condAt, outputAt             *place
	priority                         alert.Priority
	tags                             map[string]bool
	exceptions                       []exception
	enabled, capture                 bool
	captureMS                        uint32
	warnEvttypes, skipUnknown        bool
	unknownSource                    bool

	stale bool // changed since it was compiled last
}

// ruleUpdate appends to a rule or replaces parts of it. Nil members do nothing.
type ruleUpdate struct {
	name, source              string
	at                        *place
	cond, output, desc        *string
	tags                      map[string]bool
	exceptions                *[]exception
	priority                  *alert.Priority
	enabled, capture          *bool
	captureMS                 *uint32
	warnEvttypes, skipUnknown *bool
}

func (u *ruleUpdate) empty() bool {
	return u.cond == nil && u.output == nil && u.desc == nil && u.tags == nil && u.exceptions == nil &&
		u.priority == nil && u.enabled == nil && u.capture == nil && u.captureMS == nil &&
		u.warnEvttypes == nil && u.skipUnknown == nil
}

// requirement is a plugin and the least version of it.
type requirement struct{ name, version string }

// definitions is all that files have defined so far.
type definitions struct {
	lists  ordered[listDef]
	macros ordered[macroDef]
	rules  ordered[ruleDef]
	next   int // the next rank

	engineVersion version         // the largest that is required
	plugins       [][]requirement // one of each entry must be met

	// What changed since the last compilation.
	changedLists, changedMacros map[string]bool
}

func newDefinitions() *definitions {
	return &definitions{
		lists: newOrdered[listDef](), macros: newOrdered[macroDef](), rules: newOrdered[ruleDef](),
		changedLists: map[string]bool{}, changedMacros: map[string]bool{},
	}
}

func (d *definitions) rank() int {
	d.next++
	return d.next - 1
}

// ordered are things by name, in the order in which they were added.
type ordered[T any] struct {
	all    []*T
	byName map[string]*T
}

func newOrdered[T any]() ordered[T] { return ordered[T]{byName: map[string]*T{}} }

func (o *ordered[T]) get(name string) *T { return o.byName[name] }

func (o *ordered[T]) add(name string, v *T) {
	o.all = append(o.all, v)
	o.byName[name] = v
}
