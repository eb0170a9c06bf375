// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/alert"
)

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
	tags                             []string // sorted, shared
	exceptions                       []exception
	enabled, capture                 bool
	captureMS                        uint32
	warnEvttypes, skipUnknown        bool
	unknownSource                    bool

	stale  bool // changed since it was compiled last
	result *compiledRule
}

// ruleUpdate appends to a rule or replaces parts of it. Nil members do nothing.
type ruleUpdate struct {
	name, source              string
	at                        *place
	cond, output, desc        *string
	condAt                    *place
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

	tagSets map[string][]string

	// What changed since the last compilation.
	changedLists, changedMacros map[string]bool
}

func newDefinitions() *definitions {
	return &definitions{
		lists: newOrdered[listDef](), macros: newOrdered[macroDef](), rules: newOrdered[ruleDef](),
		tagSets:      map[string][]string{},
		changedLists: map[string]bool{}, changedMacros: map[string]bool{},
	}
}

func (d *definitions) rank() int {
	d.next++
	return d.next - 1
}

// tagSet returns the tags, sorted. Equal sets share their memory.
func (d *definitions) tagSet(tags map[string]bool) []string {
	if len(tags) == 0 {
		return nil
	}
	list := slices.Sorted(maps.Keys(tags))
	key := strings.Join(list, "\x00")
	if known := d.tagSets[key]; len(known) == len(list) {
		return known
	}
	d.tagSets[key] = list
	return list
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
