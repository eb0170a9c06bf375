// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"go.yaml.in/yaml/v4"
)

func invalid(msg string, at *place) *problem { return newProblem(ErrYAMLValidate, msg, at) }

// reading is the reading of a file. Where a definition is wrong Falco reads no further, and
// neither does this unless the loader is lenient; the schema is compared with all there is.
type reading struct {
	*loader
	file    *place
	stopped bool
	schema  *schemaCheck // of the document at hand
	doc     int          // its number
}

func (l *loader) newReading() *reading { return &reading{loader: l, file: filePlace(l.src), doc: -1} }

// whole reads documents that are there as a whole.
func (r *reading) whole(docs []*yaml.Node) {
	for i, doc := range docs {
		if isSeq(doc) {
			r.items(i, resolve(doc).Content)
			continue
		}
		r.end()
		if r.SchemaCheck && !r.lenient {
			r.result.SchemaNotes = append(r.result.SchemaNotes, checkSchema(doc)...)
		}
		r.check(r.checkDocument(doc, r.file))
	}
	r.end()
}

// items reads the next items of a document, and takes them out of the slice: nodes are
// large, and not needed any more.
func (r *reading) items(doc int, items []*yaml.Node) {
	if doc != r.doc {
		r.end()
		r.doc, r.schema = doc, newSchemaCheck()
	}
	for i, item := range items {
		items[i] = nil
		if r.SchemaCheck && !r.lenient {
			r.schema.item(item)
		}
		if !r.stopped && !isNull(item) {
			r.check(r.readItem(item, r.file))
		}
	}
}

// end ends a document.
func (r *reading) end() {
	if r.schema != nil && r.SchemaCheck && !r.lenient {
		r.result.SchemaNotes = append(r.result.SchemaNotes, r.schema.result()...)
	}
	r.schema = nil
}

func (r *reading) check(p *problem) {
	if p != nil && !r.stopped {
		r.fail(p)
		r.stopped = !r.lenient
	}
}

func (l *loader) checkDocument(doc *yaml.Node, file *place) *problem {
	switch {
	case isSeq(doc):
		return nil
	case isMap(doc):
		return invalid(msgNotArray, file)
	}
	return invalid(msgNotYAML, file)
}

// readItem reads one item of a file. What it is, its first known key in this order says.
func (l *loader) readItem(item *yaml.Node, file *place) *problem {
	if !isMap(item) {
		return invalid(msgNotMap, file.in(item, kindContentItem, ""))
	}
	if len(resolve(item).Content) > maxKeys {
		return invalid(msgTooManyNodes, file.in(item, kindContentItem, ""))
	}
	switch {
	case get(item, "required_engine_version") != nil:
		return l.readEngineVersion(item, file)
	case get(item, "required_plugin_versions") != nil:
		return l.readPluginVersions(item, file)
	case get(item, "list") != nil:
		return l.readList(item, file)
	case get(item, "macro") != nil:
		return l.readMacro(item, file)
	case get(item, "rule") != nil:
		return l.readRule(item, file)
	}
	l.warnUnknownItem(item, file.in(item, kindContentItem, ""))
	return nil
}

// maxKeys bounds the keys of an item: they are looked up one by one.
const maxKeys = 2 * 10000

// value is how [loader.text] treats a key that is not there, or empty.
type value uint8

const (
	required value = iota
	optional
	optionalEmpty // may be there without a value
)

// text reads a scalar. ok says whether it is there (and not empty).
func (l *loader) text(item *yaml.Node, key string, in *place, how value) (s string, ok bool, p *problem) {
	n := get(item, key)
	switch {
	case n == nil && how != required:
		return "", false, nil
	case n == nil:
		return "", false, invalid(msgNoKey(key), in)
	case isNull(n) && how == optionalEmpty:
		return "", false, nil
	case isNull(n):
		return "", false, invalid(msgKeyEmpty(key), in)
	case !isScalar(n):
		return "", false, invalid(msgNotScalar, in.in(n, kindValue, key))
	}
	s = l.src.text(n)
	if s == "" {
		if how == optionalEmpty {
			return "", false, nil
		}
		return "", false, invalid(msgEmptyValue, in.in(n, kindValue, key))
	}
	if p := l.spend(len(s), in); p != nil {
		return "", false, p
	}
	return s, true, nil
}

// readText reads a text into to.
func (l *loader) readText(item *yaml.Node, key string, in *place, how value, to *string) *problem {
	s, ok, p := l.text(item, key, in, how)
	if ok {
		*to = s
	}
	return p
}

func (l *loader) readBool(item *yaml.Node, key string, in *place, how value, to *bool) *problem {
	s, ok, p := l.text(item, key, in, how)
	if !ok {
		return p
	}
	v, good := parseBool(s)
	if !good {
		return invalid(msgBadScalar, in.in(get(item, key), kindValue, key))
	}
	*to = v
	return nil
}

func (l *loader) readUint(item *yaml.Node, key string, in *place, how value, to *uint32) *problem {
	s, ok, p := l.text(item, key, in, how)
	if !ok {
		return p
	}
	v, good := parseUint32(s)
	if !good {
		return invalid(msgBadScalar, in.in(get(item, key), kindValue, key))
	}
	*to = v
	return nil
}

// readTexts reads a sequence of scalars.
func (l *loader) readTexts(item *yaml.Node, key string, in *place, how value, add func(string, *yaml.Node)) *problem {
	n := get(item, key)
	switch {
	case n == nil && how != required:
		return nil
	case n == nil:
		return invalid(msgNoKey(key), in)
	}
	if !isSeq(n) {
		return invalid(msgNotSequence, in.in(n, kindValue, key))
	}
	for _, v := range resolve(n).Content {
		if !isScalar(v) {
			return invalid(msgItemNotScalar, in.in(n, kindValue, key).in(v, kindListItem, ""))
		}
		s := l.src.text(v)
		if p := l.spend(len(s), in); p != nil {
			return p
		}
		add(s, v)
	}
	return nil
}

// spend counts what is read: aliases can stand for far more than is in the file.
func (l *loader) spend(n int, in *place) *problem {
	l.budget -= n + 1
	if l.budget < 0 {
		return invalid(msgTooManyNodes, in)
	}
	return nil
}

// badConversion is the error for something that is no text where only text makes sense.
func badConversion(src *source, n *yaml.Node) *problem {
	return newProblem(ErrValidate, msgBadConversion(src.position(int(src.at(n)))), filePlace(src))
}
