// SPDX-License-Identifier: Apache-2.0

package rules

import "go.yaml.in/yaml/v4"

// readExceptions reads the key exceptions. Fields may be left out if it is an append.
func (l *loader) readExceptions(item *yaml.Node, parent *place, isAppend bool, to *[]exception) *problem {
	n := get(item, "exceptions")
	if n == nil || isNull(n) {
		return nil
	}
	all := parent.in(n, kindExceptions, "")
	if !isSeq(n) {
		return invalid(msgExceptionsNotSeq, all)
	}
	names := map[string]bool{}
	for _, x := range resolve(n).Content {
		var ex exception
		if p := l.goOn(l.readException(x, all, parent, isAppend, names, &ex)); p != nil {
			return p
		}
		if ex.name != "" {
			*to = append(*to, ex)
		}
	}
	return nil
}

// readException reads one exception. If that does not work what was read of it is broken.
func (l *loader) readException(x *yaml.Node, all, parent *place, isAppend bool, names map[string]bool, ex *exception) *problem {
	ex.broken = true
	at := all.in(x, kindException, "")
	if !isMap(x) {
		return invalid(msgExceptionNotMap, at)
	}
	if p := l.readText(x, "name", at, required, &ex.name); p != nil {
		return l.misspelt(p, x, "name", exceptionKeys)
	}
	ex.at = parent.in(x, kindException, ex.name)
	if names[ex.name] {
		l.warn(WarnExceptionName, msgExceptionTwice(ex.name), ex.at)
	}
	names[ex.name] = true
	if p := l.readExceptionParts(x, ex, isAppend); p != nil {
		return p
	}
	l.noteKeys(x, ex.at, exceptionKeys)
	ex.broken = false
	return nil
}

// exceptionKeys are the keys of an exception.
var exceptionKeys = []string{"name", "fields", "comps", "values"}

func (l *loader) readExceptionParts(x *yaml.Node, ex *exception, isAppend bool) *problem {
	fields := get(x, "fields")
	if fields == nil && !isAppend {
		return l.misspelt(invalid(msgNoKey("fields"), ex.at), x, "fields", exceptionKeys)
	}
	if p := l.readEntry(fields, "fields", ex.at, &ex.fields, 0); p != nil {
		return p
	}
	if p := l.readEntry(get(x, "comps"), "comps", ex.at, &ex.comps, 0); p != nil {
		return p
	}
	values := get(x, "values")
	if values == nil {
		if isAppend {
			l.warn(WarnAppendNoValues, msgExcNoValues, ex.at)
		}
		return nil
	}
	all := ex.at.in(values, kindExcValues, "")
	if !isSeq(values) {
		return invalid(msgExcValuesNotSeq, all)
	}
	for _, v := range resolve(values).Content {
		var e entry
		if p := l.readEntry(v, "", all.in(v, kindExcValue, ""), &e, 0); p != nil {
			return p
		}
		ex.values = append(ex.values, e)
	}
	return nil
}

// maxEntryDepth bounds the nesting of lists in exceptions; two levels mean something.
const maxEntryDepth = 64

// readEntry reads a text or a list, of lists at most. Anything else is an empty text.
func (l *loader) readEntry(n *yaml.Node, key string, in *place, to *entry, depth int) *problem {
	if n == nil {
		return nil
	}
	if depth > maxEntryDepth {
		return invalid(msgTooDeep, in)
	}
	at := in.in(n, kindValue, key)
	to.src, to.offset = at.src, at.offset
	switch {
	case isScalar(n):
		to.text = resolve(n).Value
		if to.text == "" {
			return invalid(msgEmptyValue, at)
		}
		return l.spend(len(to.text), in)
	case isSeq(n):
		to.list = true
		for _, v := range resolve(n).Content {
			var e entry
			if p := l.spend(0, in); p != nil {
				return p
			}
			if p := l.readEntry(v, "", at.in(v, kindException, ""), &e, depth+1); p != nil {
				return p
			}
			to.items = append(to.items, e)
		}
	}
	return nil
}
