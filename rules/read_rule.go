// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/gyr-dev/gyr/alert"
)

// syscall is the event source of rules that name none.
const syscall = "syscall"

var (
	appendableKeys  = []string{"condition", "output", "desc", "tags", "exceptions"}
	replaceableKeys = []string{
		"condition", "output", "desc", "priority", "capture", "capture_duration", "tags",
		"exceptions", "enabled", "warn_evttypes", "skip-if-unknown-filter",
	}
	ruleKeys = []string{
		"rule", "condition", "output", "desc", "priority", "source", "enabled", "capture",
		"capture_duration", "warn_evttypes", "skip-if-unknown-filter", "tags", "exceptions",
		"override", "append",
	}
)

func (l *loader) readRule(item *yaml.Node, file *place) *problem {
	var name, source string
	at := file.in(item, kindRule, "")
	if p := l.readText(item, "rule", at, required, &name); p != nil {
		return p
	}
	at = file.in(item, kindRule, name)
	if p := l.readText(item, "source", at, optionalEmpty, &source); p != nil {
		return p
	}
	isAppend, p := l.readAppendKey(item, at)
	if p != nil {
		return p
	}
	o, p := l.readOverrides(item, at, appendableKeys, replaceableKeys)
	if p != nil {
		return p
	}
	switch {
	case isAppend && !o.empty():
		return invalid(msgOverrideAppend, at)
	case !o.empty():
		p = l.overrideRule(item, name, source, at, &o)
	case isAppend:
		p = l.appendToRule(item, name, source, at)
	default:
		p = l.defineOrEnable(item, name, at)
	}
	if p != nil {
		return p
	}
	return l.warnUnknownKeys(item, at, ruleKeys...)
}

// overrideRule appends to some parts of a rule and replaces others.
func (l *loader) overrideRule(item *yaml.Node, name, source string, at *place, o *overrides) *problem {
	left := map[string]bool{} // keys that are there and not yet overridden
	for _, k := range replaceableKeys {
		if get(item, k) != nil {
			left[k] = true
		}
	}
	for _, half := range []struct {
		op    string
		keys  map[string]bool
		apply func(*ruleUpdate) *problem
	}{
		{"append", o.appends, l.appendRule},
		{"replace", o.replaces, l.replaceInRule},
	} {
		if len(half.keys) == 0 {
			continue
		}
		u := &ruleUpdate{name: name, at: at}
		if p := l.readUpdate(item, source, u, half.op, half.keys, left); p != nil {
			return p
		}
		if p := half.apply(u); p != nil {
			return p
		}
	}
	for _, k := range slices.Sorted(maps.Keys(left)) {
		return invalid(msgNoOverride(k), at.in(get(item, k), kindOverride, k))
	}
	return nil
}

// updateOrder is the order in which the keys of an update are read.
var updateOrder = []string{
	"condition", "exceptions", "output", "desc", "tags", "priority", "capture",
	"capture_duration", "enabled", "warn_evttypes", "skip-if-unknown-filter",
}

func (l *loader) readUpdate(item *yaml.Node, source string, u *ruleUpdate, op string, keys, left map[string]bool) *problem {
	for _, key := range updateOrder {
		if !keys[key] {
			continue
		}
		if !left[key] {
			return invalid(msgOverrideNoKey(op, key), u.at)
		}
		delete(left, key)
		if key == "condition" {
			u.source = source
		}
		if p := l.readUpdateKey(item, key, u, op == "append"); p != nil {
			return p
		}
	}
	return nil
}

func (l *loader) readUpdateKey(item *yaml.Node, key string, u *ruleUpdate, isAppend bool) *problem {
	switch key {
	case "condition":
		u.cond = new(string)
		u.condAt = u.at.scalar(get(item, key), kindRuleCond)
		return l.readText(item, key, u.at, required, u.cond)
	case "exceptions":
		u.exceptions = new([]exception)
		return l.readExceptions(item, u.at, isAppend, u.exceptions)
	case "output":
		u.output = new(string)
		return l.readText(item, key, u.at, required, u.output)
	case "desc":
		u.desc = new(string)
		return l.readText(item, key, u.at, required, u.desc)
	case "tags":
		u.tags = map[string]bool{}
		return l.readTexts(item, key, u.at, optional, func(s string) { u.tags[s] = true })
	case "priority":
		u.priority = new(alert.Priority)
		return l.readPriority(item, u.at, u.priority)
	case "capture":
		u.capture = new(bool)
		return l.readBool(item, key, u.at, required, u.capture)
	case "capture_duration":
		u.captureMS = new(uint32)
		return l.readUint(item, key, u.at, required, u.captureMS)
	case "enabled":
		u.enabled = new(bool)
		return l.readBool(item, key, u.at, required, u.enabled)
	case "warn_evttypes":
		u.warnEvttypes = new(bool)
		return l.readBool(item, key, u.at, required, u.warnEvttypes)
	default:
		u.skipUnknown = new(bool)
		return l.readBool(item, key, u.at, required, u.skipUnknown)
	}
}

func (l *loader) readPriority(item *yaml.Node, at *place, to *alert.Priority) *problem {
	var s string
	if p := l.readText(item, "priority", at, required, &s); p != nil {
		return p
	}
	v, ok := alert.ParsePriority(s)
	if !ok {
		return invalid(msgBadPriority, at.in(get(item, "priority"), kindPriority, ""))
	}
	*to = v
	return nil
}

// appendToRule is the deprecated "append: true".
func (l *loader) appendToRule(item *yaml.Node, name, source string, at *place) *problem {
	u := &ruleUpdate{name: name, source: source, at: at}
	if get(item, "condition") != nil {
		if p := l.readUpdateKey(item, "condition", u, true); p != nil {
			return p
		}
	}
	if get(item, "exceptions") != nil {
		if p := l.readUpdateKey(item, "exceptions", u, true); p != nil {
			return p
		}
	}
	return l.appendRule(u)
}

func (l *loader) defineOrEnable(item *yaml.Node, name string, at *place) *problem {
	r := &ruleDef{
		name: name, source: syscall, at: at, enabled: true, warnEvttypes: true,
	}
	for _, k := range []string{"condition", "output", "desc", "priority"} {
		if get(item, k) != nil {
			if p := l.readDefinition(item, r); p != nil {
				return p
			}
			return l.defineRule(r)
		}
	}
	if p := l.readBool(item, "enabled", at, required, &r.enabled); p != nil {
		return p
	}
	l.warn(WarnDeprecated, msgEnabledDeprecated, at)
	return l.defs.enableRule(name, r.enabled, at)
}

func (l *loader) readDefinition(item *yaml.Node, r *ruleDef) *problem {
	for _, t := range []struct {
		key string
		to  *string
	}{{"condition", &r.cond}, {"output", &r.output}, {"desc", &r.desc}} {
		if p := l.readText(item, t.key, r.at, required, t.to); p != nil {
			return p
		}
	}
	r.condAt = r.at.scalar(get(item, "condition"), kindRuleCond)
	r.outputAt = r.at.scalar(get(item, "output"), kindOutput)
	r.output = strings.Trim(r.output, " \t\n\v\f\r")
	if p := l.readPriority(item, r.at, &r.priority); p != nil {
		return p
	}
	if p := l.readText(item, "source", r.at, optional, &r.source); p != nil {
		return p
	}
	if p := l.readBool(item, "enabled", r.at, optional, &r.enabled); p != nil {
		return p
	}
	if p := l.readBool(item, "capture", r.at, optional, &r.capture); p != nil {
		return p
	}
	if p := l.readUint(item, "capture_duration", r.at, optional, &r.captureMS); p != nil {
		return p
	}
	if p := l.readBool(item, "warn_evttypes", r.at, optional, &r.warnEvttypes); p != nil {
		return p
	}
	if p := l.readBool(item, "skip-if-unknown-filter", r.at, optional, &r.skipUnknown); p != nil {
		return p
	}
	tags := map[string]bool{}
	if p := l.readTexts(item, "tags", r.at, optional, func(s string) { tags[s] = true }); p != nil {
		return p
	}
	r.tags = l.defs.tagSet(tags)
	return l.readExceptions(item, r.at, false, &r.exceptions)
}
