// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// The recipes of fields of containers.

// all are the values at a key in all elements of an array. If one of them has none, the field
// is absent, as it would say something wrong of the others. made changes each, if not nil.
func all(path jsonscan.Path, key string, made func(string) string) recipe {
	return func(b *jsonscan.Builder, req *sdk.Request) getter {
		elems, slot, r := b.Add(path.Each()), b.Add(path.Each(key)), *req
		return func(x *extraction, out *event.Value) {
			n := x.count(slot)
			if n == 0 || !r.HasArg && n != x.count(elems) {
				return
			}
			l := x.listOf(n)
			for h := x.found.First(slot); h != nil; h = x.found.Next(h) {
				if !wanted(&r, h.Elem) {
					continue
				}
				text := x.found.Text(h.Span, x.mem)
				if made != nil {
					text = made(text)
				}
				l.add(text)
			}
			l.to(out)
		}
	}
}

// joined are the arrays of strings at a key in the elements of an array, each joined by
// spaces.
func joined(path jsonscan.Path, key string) recipe {
	return func(b *jsonscan.Builder, req *sdk.Request) getter {
		slot, r := b.Add(path.Each(key)), *req
		return func(x *extraction, out *event.Value) {
			if x.found.First(slot) == nil {
				return
			}
			l := x.listOf(x.count(slot))
			for h := x.found.First(slot); h != nil; h = x.found.Next(h) {
				if !wanted(&r, h.Elem) {
					continue
				}
				if !x.join(h.Span) {
					return
				}
				l.add(x.mem.CopyString(x.buf))
			}
			l.to(out)
		}
	}
}

// join puts the strings of an array into buf. It is false if there is something else.
func (x *extraction) join(s jsonscan.Span) bool {
	x.buf = x.buf[:0]
	if s.Kind != jsonscan.Array {
		return false
	}
	elems := x.found.Elems(s)
	first := true
	for raw, ok := elems.Next(); ok; raw, ok = elems.Next() {
		if raw[0] != '"' {
			return false
		}
		if !first {
			x.buf = append(x.buf, ' ')
		}
		first = false
		x.buf = append(x.buf, x.textOf(raw)...)
	}
	return true
}

// effective are the values at a key of the security contexts of containers; where there is
// none that of the pod, else 0.
func effective(path jsonscan.Path, key string) recipe {
	return func(b *jsonscan.Builder, req *sdk.Request) getter {
		elems, own := b.Add(path.Each()), b.Add(path.Each("securityContext", key))
		pod, r := b.Add(spec("securityContext", key)), *req
		return func(x *extraction, out *event.Value) {
			n := x.count(elems)
			if n == 0 {
				return
			}
			other := "0"
			if s := x.found.At(pod); s.Kind != jsonscan.Absent && s.Kind != jsonscan.Null {
				other = x.found.Text(s, x.mem)
			}
			l := x.listOf(n)
			next := x.found.First(own)
			for i := range int32(n) {
				text := other
				if next != nil && next.Elem == i {
					if next.Kind != jsonscan.Null {
						text = x.found.Text(next.Span, x.mem)
					}
					next = x.found.Next(next)
				}
				if wanted(&r, i) {
					l.add(text)
				}
			}
			l.to(out)
		}
	}
}

// portSet finds the ports of a port of a container.
var portSet, portHost, portContainer = func() (s *jsonscan.Set, host, container int) {
	var b jsonscan.Builder
	host, container = b.Add(at("hostPort")), b.Add(at("containerPort"))
	return b.Build(), host, container
}()

// hostPorts are the host ports of containers. Where none is given it is the container's port
// that the host has, if the pod has its network.
func hostPorts(path jsonscan.Path) recipe {
	return func(b *jsonscan.Builder, req *sdk.Request) getter {
		slot, r := b.Add(path.Each("ports")), *req
		return func(x *extraction, out *event.Value) {
			n := 0
			x.inner(slot, &r, func([]byte) { n++ })
			if n == 0 {
				return
			}
			l := x.listOf(n)
			x.inner(slot, &r, func(raw []byte) {
				if portSet.Scan(raw, &x.part) != nil {
					return
				}
				for _, s := range []jsonscan.Span{x.part.At(portHost), x.part.At(portContainer)} {
					if s.Kind != jsonscan.Absent {
						l.add(x.part.Text(s, x.mem))
						return
					}
				}
			})
			l.to(out)
		}
	}
}
