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
	var name string
	at := file.in(item, kindRule, "")
	if p := l.readText(item, "rule", at, required, &name); p != nil {
		return p
	}
	at = file.in(item, kindRule, name)
	if p := l.readRuleParts(item, name, at); p != nil {
		l.defs.spoiled.rules[name] = true
		if p = l.goOn(p); p != nil {
			return p
		}
	}
	return l.warnUnknownKeys(item, at, ruleKeys)
}

func (l *loader) readRuleParts(item *yaml.Node, name string, at *place) *problem {
	var source string
	if p := l.goOn(l.readText(item, "source", at, optionalEmpty, &source)); p != nil {
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
		return l.overrideRule(item, name, source, at, &o)
	case isAppend:
		return l.appendToRule(item, name, source, at)
	}
	return l.defineOrEnable(item, name, at)
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
		if p := l.goOn(half.apply(u)); p != nil {
			return p
		}
	}
	for _, k := range slices.Sorted(maps.Keys(left)) {
		p := invalid(msgNoOverride(k), at.in(get(item, k), kindOverride, k))
		p.hint = "add " + k + ": replace, or append, to override, or leave " + k + " out"
		if p = l.goOn(p); p != nil {
			return p
		}
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
			p := l.misspelt(invalid(msgOverrideNoKey(op, key), u.at), item, key, ruleKeys)
			if p = l.goOn(p); p != nil {
				return p
			}
			continue
		}
		delete(left, key)
		if key == "condition" {
			u.source = source
		}
		if p := l.goOn(l.readUpdateKey(item, key, u, op == "append")); p != nil {
			return p
		}
	}
	return nil
}

func (l *loader) readUpdateKey(item *yaml.Node, key string, u *ruleUpdate, isAppend bool) *problem {
	switch key {
	case "condition":
		u.cond = new(string)
		p := l.readText(item, key, u.at, required, u.cond)
		u.condAt = u.at.scalar(get(item, key), kindRuleCond, *u.cond)
		return p
	case "exceptions":
		u.exceptions = new([]exception)
		return l.readExceptions(item, u.at, isAppend, u.exceptions)
	case "output":
		u.output = new(string)
		p := l.readText(item, key, u.at, required, u.output)
		u.outputAt = u.at.scalar(get(item, key), kindOutput, *u.output)
		return p
	case "desc":
		u.desc = new(string)
		return l.readText(item, key, u.at, required, u.desc)
	case "tags":
		u.tags = map[string]bool{}
		return l.readTexts(item, key, u.at, optional, func(s string, _ *yaml.Node) { u.tags[s] = true })
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
		p := invalid(msgBadPriority, at.in(get(item, "priority"), kindPriority, ""))
		p.detail, p.hint = explainPriority(s)
		return p
	}
	*to = v
	return nil
}

// appendToRule is the deprecated "append: true".
func (l *loader) appendToRule(item *yaml.Node, name, source string, at *place) *problem {
	u := &ruleUpdate{name: name, source: source, at: at}
	if get(item, "condition") != nil {
		if p := l.goOn(l.readUpdateKey(item, "condition", u, true)); p != nil {
			return p
		}
	}
	if get(item, "exceptions") != nil {
		if p := l.goOn(l.readUpdateKey(item, "exceptions", u, true)); p != nil {
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
		return l.misspelt(p, item, "condition", ruleKeys)
	}
	l.warn(WarnDeprecated, msgEnabledDeprecated, at)
	return l.enableRule(name, r.enabled, at)
}

// readDefinition reads a rule. A lenient loader goes on after errors; what has one is empty
// then.
func (l *loader) readDefinition(item *yaml.Node, r *ruleDef) *problem {
	for _, t := range []struct {
		key string
		to  *string
	}{{"condition", &r.cond}, {"output", &r.output}, {"desc", &r.desc}} {
		if p := l.readText(item, t.key, r.at, required, t.to); p != nil {
			if p = l.goOn(l.misspelt(p, item, t.key, ruleKeys)); p != nil {
				return p
			}
		}
	}
	r.condAt = r.at.scalar(get(item, "condition"), kindRuleCond, r.cond)
	r.output = strings.Trim(r.output, " \t\n\v\f\r")
	r.outputAt = r.at.scalar(get(item, "output"), kindOutput, r.output)
	if p := l.readPriority(item, r.at, &r.priority); p != nil {
		if p = l.goOn(l.misspelt(p, item, "priority", ruleKeys)); p != nil {
			return p
		}
	}
	if p := l.readText(item, "source", r.at, optional, &r.source); p != nil {
		r.source = "" // a lenient loader does not compile the rule
		if p = l.goOn(p); p != nil {
			return p
		}
	}
	if n := get(item, "source"); n != nil && (l.lenient || !l.known(r.source)) {
		r.sourceAt = r.at.in(n, kindValue, "source")
	}
	for _, read := range []func() *problem{
		func() *problem { return l.readBool(item, "enabled", r.at, optional, &r.enabled) },
		func() *problem { return l.readBool(item, "capture", r.at, optional, &r.capture) },
		func() *problem { return l.readUint(item, "capture_duration", r.at, optional, &r.captureMS) },
		func() *problem { return l.readBool(item, "warn_evttypes", r.at, optional, &r.warnEvttypes) },
		func() *problem { return l.readBool(item, "skip-if-unknown-filter", r.at, optional, &r.skipUnknown) },
		func() *problem { return l.readTags(item, r) },
		func() *problem { return l.readExceptions(item, r.at, false, &r.exceptions) },
	} {
		if p := l.goOn(read()); p != nil {
			return p
		}
	}
	return nil
}

func (l *loader) readTags(item *yaml.Node, r *ruleDef) *problem {
	tags := map[string]bool{}
	p := l.readTexts(item, "tags", r.at, optional, func(s string, _ *yaml.Node) { tags[s] = true })
	r.tags = l.defs.tagSet(tags)
	return p
}
