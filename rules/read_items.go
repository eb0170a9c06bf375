// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"regexp"

	"go.yaml.in/yaml/v4"
)

var (
	identifierPattern = regexp.MustCompile("^" + patIdentifier + "$")
	bareStringPattern = regexp.MustCompile("^" + patBareString + "$")
)

func (l *loader) readEngineVersion(item *yaml.Node, file *place) *problem {
	at := file.in(item, kindEngineVersion, "")
	var s string
	if p := l.readText(item, "required_engine_version", at, required, &s); p != nil {
		return p
	}
	v, ok := parseVersion(s)
	if n, isNum := parseUint32(s); isNum {
		v, ok = version{minor: n}, true
	}
	if !ok {
		return invalid(msgBadEngineVersion(s), at)
	}
	if p := l.requireEngine(v, at); p != nil {
		return p
	}
	return l.warnUnknownKeys(item, at, []string{"required_engine_version"})
}

func (l *loader) readPluginVersions(item *yaml.Node, file *place) *problem {
	list := get(item, "required_plugin_versions")
	at := file.in(list, kindPluginReqs, "")
	if !isSeq(list) {
		return invalid(msgPluginsNotSeq, at)
	}
	for _, n := range resolve(list).Content {
		if p := l.readPluginVersion(n, at); p != nil {
			return p
		}
	}
	return l.warnUnknownKeys(item, file.in(item, kindPluginReqs, ""), []string{"required_plugin_versions"})
}

func (l *loader) readPluginVersion(n *yaml.Node, list *place) *problem {
	r, at, p := l.readRequirement(n, list, kindPluginReq, msgPluginNotMap)
	if p != nil {
		return p
	}
	all := []requirement{r}
	if alts := get(n, "alternatives"); alts != nil {
		if !isSeq(alts) {
			return invalid(msgAlternativesNotSeq, at)
		}
		for _, a := range resolve(alts).Content {
			r, _, p := l.readRequirement(a, at, kindPluginAlt, msgAlternativeNotMap)
			if p != nil {
				return p
			}
			all = append(all, r)
		}
	}
	return l.defs.requirePlugin(all, at)
}

// requirementKeys are the keys of a required plugin; alternatives have the first two.
var requirementKeys = []string{"name", "version", "alternatives"}

// readRequirement reads name and version.
func (l *loader) readRequirement(n *yaml.Node, parent *place, kind itemKind, notMap string) (r requirement, at *place, p *problem) {
	at = parent.in(n, kind, "")
	if !isMap(n) {
		return r, at, invalid(notMap, at)
	}
	if p = l.readText(n, "name", at, required, &r.name); p != nil {
		return r, at, p
	}
	at = parent.in(n, kind, r.name)
	l.noteKeys(n, at, requirementKeys)
	return r, at, l.misspelt(l.readText(n, "version", at, required, &r.version), n, "version", requirementKeys)
}

var (
	listKeys  = []string{"list", "items", "append", "override"}
	macroKeys = []string{"macro", "condition", "append", "override"}
)

func (l *loader) readList(item *yaml.Node, file *place) *problem {
	d := &listDef{at: file.in(item, kindList, "")}
	if p := l.readText(item, "list", d.at, required, &d.name); p != nil {
		return p
	}
	d.at = file.in(item, kindList, d.name)
	if !bareStringPattern.MatchString(d.name) {
		l.warn(WarnListName, msgBadListName, d.at)
	}
	d.runs = []listRun{{0, d.at}}
	p := l.readTexts(item, "items", d.at, required, func(s string, n *yaml.Node) {
		d.items = append(d.items, s)
		d.offsets = append(d.offsets, l.src.at(n))
	})
	d.broken = p != nil
	if p = l.goOn(l.misspelt(p, item, "items", listKeys)); p != nil {
		return p
	}
	isAppend, p := l.readAppend(item, d.at, "items")
	if p == nil && isAppend {
		p = l.appendList(d)
	} else if p == nil {
		l.defs.defineList(d)
	}
	if p != nil {
		l.defs.spoiled.lists[d.name] = true
		if p = l.goOn(p); p != nil {
			return p
		}
	}
	return l.warnUnknownKeys(item, d.at, listKeys)
}

func (l *loader) readMacro(item *yaml.Node, file *place) *problem {
	d := &macroDef{at: file.in(item, kindMacro, "")}
	if p := l.readText(item, "macro", d.at, required, &d.name); p != nil {
		return p
	}
	d.at = file.in(item, kindMacro, d.name)
	if !identifierPattern.MatchString(d.name) {
		l.warn(WarnMacroName, msgBadMacro, d.at)
	}
	if p := l.readText(item, "condition", d.at, required, &d.cond); p != nil {
		if p = l.goOn(l.misspelt(p, item, "condition", macroKeys)); p != nil {
			return p
		}
	}
	d.condAt = d.at.scalar(get(item, "condition"), kindMacroCond, d.cond)
	isAppend, p := l.readAppend(item, d.at, "condition")
	if p == nil && isAppend {
		p = l.appendMacro(d)
	} else if p == nil {
		l.defs.defineMacro(d)
	}
	if p != nil {
		l.defs.spoiled.macros[d.name] = true
		if p = l.goOn(p); p != nil {
			return p
		}
	}
	return l.warnUnknownKeys(item, d.at, macroKeys)
}

// readAppend reads the keys append and override of a list or macro, of which only the key
// part can be overridden, and reports whether the item is appended to an earlier one.
func (l *loader) readAppend(item *yaml.Node, at *place, part string) (isAppend bool, p *problem) {
	if isAppend, p = l.readAppendKey(item, at); p != nil {
		return false, p
	}
	part1 := []string{part}
	o, p := l.readOverrides(item, at, part1, part1)
	if p != nil {
		return false, p
	}
	if isAppend && !o.empty() {
		return false, invalid(msgOverrideAppend, at)
	}
	return isAppend || o.appends[part], nil
}

// readAppendKey reads the deprecated key append.
func (l *loader) readAppendKey(item *yaml.Node, at *place) (isAppend bool, p *problem) {
	p = l.readBool(item, "append", at, optional, &isAppend)
	if p == nil && isAppend {
		l.warn(WarnDeprecated, msgAppendDeprecated, at)
	}
	return isAppend, p
}

// scalar returns the place of a text that has a language of its own.
func (p *place) scalar(n *yaml.Node, kind itemKind, text string) *place {
	c := &place{parent: p, kind: kind, src: p.src, offset: p.offset, size: int32(len(text))}
	if n != nil { // else a lenient loader goes on without it
		c.offset = p.src.at(n)
	}
	return c
}
