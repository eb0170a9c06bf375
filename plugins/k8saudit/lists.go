// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// The recipes of fields with a list. A list without elements is absent.

// list collects values in memory of the batch.
type list struct {
	x      *extraction
	values []event.Value
}

// listOf returns a list for up to n values.
func (x *extraction) listOf(n int) list { return list{x, x.mem.Values(n)[:0]} }

func (l *list) add(text string) { l.values = append(l.values, event.StringValue(text)) }

func (l *list) to(out *event.Value) { *out = event.ListValue(l.values) }

// count is how many values the scan found for a path with Each.
func (x *extraction) count(slot int) (n int) {
	for h := x.found.First(slot); h != nil; h = x.found.Next(h) {
		n++
	}
	return n
}

// wanted reports whether an element is asked for.
func wanted(req *sdk.Request, elem int32) bool { return !req.HasArg || uint64(elem) == req.Index }

// elements are the elements of the array at a path.
func elements(path jsonscan.Path) recipe {
	return func(b *jsonscan.Builder, req *sdk.Request) getter { return members(path)(b, &sdk.Request{}) }
}

// members are the values at the given keys in the elements of an array, those that are
// there; without keys the elements themselves.
func members(path jsonscan.Path, keys ...string) recipe {
	return func(b *jsonscan.Builder, req *sdk.Request) getter {
		slot, r := b.Add(path.Each(keys...)), *req
		return func(x *extraction, out *event.Value) {
			if x.found.First(slot) == nil {
				return
			}
			l := x.listOf(x.count(slot))
			for h := x.found.First(slot); h != nil; h = x.found.Next(h) {
				if wanted(&r, h.Elem) {
					l.add(x.found.Text(h.Span, x.mem))
				}
			}
			l.to(out)
		}
	}
}

// alone is a list of one element, the value at a path.
func alone(path jsonscan.Path) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot := b.Add(path)
		return func(x *extraction, out *event.Value) {
			if s := x.found.At(slot); s.Kind != jsonscan.Absent {
				l := x.listOf(1)
				l.add(x.found.Text(s, x.mem))
				l.to(out)
			}
		}
	}
}

// nested are the elements of the arrays at a key in the elements of an array.
func nested(path jsonscan.Path, key string) recipe {
	return func(b *jsonscan.Builder, req *sdk.Request) getter {
		slot, r := b.Add(path.Each(key)), *req
		return func(x *extraction, out *event.Value) {
			n := 0
			x.inner(slot, &r, func([]byte) { n++ })
			if n == 0 {
				return
			}
			l := x.listOf(n)
			x.inner(slot, &r, func(raw []byte) { l.add(x.textOf(raw)) })
			l.to(out)
		}
	}
}

// inner calls each with the elements of the arrays that a path with Each found.
func (x *extraction) inner(slot int, req *sdk.Request, each func(raw []byte)) {
	for h := x.found.First(slot); h != nil; h = x.found.Next(h) {
		if !wanted(req, h.Elem) {
			continue
		}
		elems := x.found.Elems(h.Span)
		for raw, ok := elems.Next(); ok; raw, ok = elems.Next() {
			each(raw)
		}
	}
}

// whole finds a document itself.
var whole = func() *jsonscan.Set {
	var b jsonscan.Builder
	b.Add(nil)
	return b.Build()
}()

// textOf is the text of a JSON value.
func (x *extraction) textOf(raw []byte) string {
	if whole.Scan(raw, &x.part) != nil {
		return ""
	}
	return x.part.Text(x.part.At(0), x.mem)
}

// subjectSet finds what a subject of a binding is.
var subjectSet, subjectKind, subjectName, subjectNamespace = func() (s *jsonscan.Set, kind, name, namespace int) {
	var b jsonscan.Builder
	kind, name, namespace = b.Add(at("kind")), b.Add(at("name")), b.Add(at("namespace"))
	return b.Build(), kind, name, namespace
}()

// subjects are the names of the subjects of a kind, with their namespaces if that is asked for.
func subjects(kind string, namespaced bool) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot := b.Add(requested("subjects").Each())
		return func(x *extraction, out *event.Value) {
			if x.found.First(slot) == nil {
				return
			}
			l := x.listOf(x.count(slot))
			for h := x.found.First(slot); h != nil; h = x.found.Next(h) {
				if subjectSet.Scan(x.found.Raw(h.Span), &x.part) == nil {
					x.subject(kind, namespaced, &l)
				}
			}
			l.to(out)
		}
	}
}

// subject adds the name of a subject of that kind.
func (x *extraction) subject(kind string, namespaced bool, l *list) {
	r := &x.part
	name, namespace := r.At(subjectName), r.At(subjectNamespace)
	if !r.Is(r.At(subjectKind), kind) || name.Kind == jsonscan.Absent {
		return
	}
	if !namespaced {
		l.add(r.Text(name, x.mem))
		return
	}
	if namespace.Kind == jsonscan.Absent {
		return
	}
	x.buf = append(append(x.buf[:0], r.Text(namespace, x.mem)...), ':')
	x.buf = append(x.buf, r.Text(name, x.mem)...)
	l.add(x.mem.CopyString(x.buf))
}

// volumeTypes are the keys of the volumes besides their names.
func volumeTypes(b *jsonscan.Builder, req *sdk.Request) getter {
	slot, r := b.Add(spec("volumes").Each()), *req
	return func(x *extraction, out *event.Value) {
		n := 0
		visit := func(each func(key []byte)) {
			for h := x.found.First(slot); h != nil; h = x.found.Next(h) {
				if h.Kind == jsonscan.Object && wanted(&r, h.Elem) {
					eachKey(x.found.Raw(h.Span), each)
				}
			}
		}
		visit(func([]byte) { n++ })
		if n == 0 {
			return
		}
		l := x.listOf(n)
		visit(func(key []byte) {
			if s := x.textOf(key); s != "name" {
				l.add(s)
			}
		})
		l.to(out)
	}
}

// eachKey calls each with the keys of an object that a scan found, quotes included.
func eachKey(object []byte, each func(key []byte)) {
	for i := jsonscan.SkipSpace(object, 1); i < len(object) && object[i] == '"'; {
		end, ok := jsonscan.SkipValue(object, i)
		if !ok {
			return
		}
		each(object[i:end])
		i = jsonscan.SkipSpace(object, jsonscan.SkipSpace(object, end)+1) // behind the colon
		if end, ok = jsonscan.SkipValue(object, i); !ok {
			return
		}
		if i = jsonscan.SkipSpace(object, end); i < len(object) && object[i] == ',' {
			i = jsonscan.SkipSpace(object, i+1)
		}
	}
}
