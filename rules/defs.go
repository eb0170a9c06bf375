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
	offsets           []int32   // where in a file each item is
	runs              []listRun // and in which
	index, visibility int
	broken            bool // its items are not known, as there is an error in it
}

// listRun says in which definition of a list the items from first on stand.
type listRun struct {
	first int
	at    *place
}

// itemPlace returns where an item is.
func (l *listDef) itemPlace(i int) *place {
	if i >= len(l.offsets) {
		return l.at
	}
	run := 0
	for run+1 < len(l.runs) && l.runs[run+1].first <= i {
		run++
	}
	at := l.runs[run].at
	return &place{parent: at, kind: kindListItem, src: at.src, offset: l.offsets[i]}
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
	at, condAt, outputAt, sourceAt   *place // sourceAt: nil if it names none
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
	condAt, outputAt          *place
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

	// spoiled are names of items that were not defined, or not changed, because of an error.
	spoiled struct{ rules, macros, lists map[string]bool }

	// What changed since the last compilation.
	changedLists, changedMacros map[string]bool
}

func newDefinitions() *definitions {
	d := &definitions{
		lists: newOrdered[listDef](), macros: newOrdered[macroDef](), rules: newOrdered[ruleDef](),
		tagSets:      map[string][]string{},
		changedLists: map[string]bool{}, changedMacros: map[string]bool{},
	}
	d.spoiled.rules, d.spoiled.macros, d.spoiled.lists = map[string]bool{}, map[string]bool{}, map[string]bool{}
	return d
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
