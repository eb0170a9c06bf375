// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// overrides are the keys of an item that are appended to, and those that are replaced.
type overrides struct{ appends, replaces map[string]bool }

func (o *overrides) empty() bool { return len(o.appends) == 0 && len(o.replaces) == 0 }

// readOverrides reads the key override. Only a mapping has an effect.
func (l *loader) readOverrides(item *yaml.Node, in *place, canAppend, canReplace []string) (overrides, *problem) {
	o := overrides{map[string]bool{}, map[string]bool{}}
	n := get(item, "override")
	if n == nil || isScalar(n) || isNull(n) {
		return o, nil
	}
	content := resolve(n).Content
	if isSeq(n) {
		if len(content) == 0 {
			return o, nil
		}
		return o, newProblem(ErrValidate, msgNotMapIter, filePlace(l.src))
	}
	if len(content) > maxKeys {
		return o, invalid(msgTooManyNodes, in)
	}
	at := in.in(item, kindOverride, "")
	all := lastProblem{l: l}
	for i := 0; i+1 < len(content); i += 2 {
		if all.stop(l.readOverride(content[i], content[i+1], at, canAppend, canReplace, &o)) {
			break
		}
	}
	return o, all.p
}

func (l *loader) readOverride(k, v *yaml.Node, at *place, canAppend, canReplace []string, o *overrides) *problem {
	key, err := textOf(k)
	if err != nil {
		return badConversion(l.src, k)
	}
	op, err := textOf(v)
	if err != nil {
		return badConversion(l.src, v)
	}
	appendable, replaceable := slices.Contains(canAppend, key), slices.Contains(canReplace, key)
	switch op {
	case "append":
		if !appendable {
			return nearKey(invalid(msgNoAppend(key), at.in(k, kindOverride, key)), key, canAppend, canReplace)
		}
		o.appends[key] = true
	case "replace":
		if !replaceable {
			return nearKey(invalid(msgNoReplace(key), at.in(k, kindOverride, key)), key, canReplace, canAppend)
		}
		o.replaces[key] = true
	default:
		return invalid(msgBadOverride(key, op, appendable, replaceable), at.in(v, kindValue, key))
	}
	return nil
}
