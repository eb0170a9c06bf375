// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// images finds the machine images of an event: those of the instances in the response,
// or if it lists none, the one of the request.
type images struct {
	items, ids int
	single     [3]int
}

func newImages(b *jsonscan.Builder) images {
	items := jsonscan.Keys("responseElements", "instancesSet", "items")
	request := jsonscan.Keys("requestParameters")
	return images{
		items: b.Add(items),
		ids:   b.Add(items.Each("imageId")),
		single: [3]int{
			b.Add(request.Then("imageId")),
			b.Add(request.Then("DescribeFastLaunchImagesRequest", "ImageId", "content")),
			b.Add(request.Then("launchSpecification", "imageId")),
		},
	}
}

// at returns the image of the i-th instance.
func (m *images) at(x *extraction, i uint64) event.Value {
	if x.found.At(m.items).Kind == jsonscan.Absent {
		if i == 0 {
			return m.fromRequest(x)
		}
		return event.Value{}
	}
	for h := x.found.First(m.ids); h != nil; h = x.found.Next(h) {
		if uint64(h.Elem) == i && h.Kind != jsonscan.Null {
			return event.StringValue(x.found.Text(h.Span, x.mem))
		}
	}
	return event.Value{}
}

// all returns the images of all instances that have one.
func (m *images) all(x *extraction) event.Value {
	if x.found.At(m.items).Kind == jsonscan.Absent {
		return listOf(x, m.fromRequest(x))
	}
	n := 0
	for h := x.found.First(m.ids); h != nil; h = x.found.Next(h) {
		n++
	}
	list := x.mem.Values(n)[:0]
	for h := x.found.First(m.ids); h != nil; h = x.found.Next(h) {
		if h.Kind == jsonscan.Null {
			continue
		}
		if id := x.found.Text(h.Span, x.mem); id != "" {
			list = append(list, event.StringValue(id))
		}
	}
	return event.ListValue(list)
}

func (m *images) fromRequest(x *extraction) event.Value {
	for _, slot := range m.single {
		if v := x.str(slot); v.Present {
			return v
		}
	}
	return event.Value{}
}

// listOf returns the list of one value, absent if it is.
func listOf(x *extraction, v event.Value) event.Value {
	if !v.Present {
		return v
	}
	list := x.mem.Values(1)
	list[0] = v
	return event.ListValue(list)
}

// imageIDs is the list of images, or with an index a list of that one.
func imageIDs(b *jsonscan.Builder, req *sdk.Request) getter {
	m := newImages(b)
	if !req.HasArg {
		return m.all
	}
	i := req.Index
	return func(x *extraction) event.Value { return listOf(x, m.at(x, i)) }
}

// imageID is the first image.
func imageID(b *jsonscan.Builder, _ *sdk.Request) getter {
	m := newImages(b)
	return func(x *extraction) event.Value { return m.at(x, 0) }
}

// nameTags are the scans inside a tag specification and inside a tag.
var nameTags = func() (p struct {
	spec, tag  *jsonscan.Set
	kind, tags int
	key, value int
}) {
	var spec, tag jsonscan.Builder
	p.kind, p.tags = spec.Add(jsonscan.Keys("resourceType")), spec.Add(jsonscan.Keys("tags"))
	p.key, p.value = tag.Add(jsonscan.Keys("key")), tag.Add(jsonscan.Keys("value"))
	p.spec, p.tag = spec.Build(), tag.Build()
	return p
}()

// instanceName is the tag Name that a request gives to its instances. If several tag
// specifications do, the last one wins.
func instanceName(b *jsonscan.Builder, _ *sdk.Request) getter {
	slot := b.Add(jsonscan.Keys("requestParameters", "tagSpecificationSet", "items"))
	return func(x *extraction) event.Value {
		var name event.Value
		specs := x.found.Elems(x.found.At(slot))
		for spec, ok := specs.Next(); ok; spec, ok = specs.Next() {
			if v := x.nameTag(spec); v.Present {
				name = v
			}
		}
		if name.Str == "" {
			return event.Value{}
		}
		return name
	}
}

// nameTag returns the first tag Name of a tag specification for instances.
func (x *extraction) nameTag(spec []byte) event.Value {
	r := &x.part
	if nameTags.spec.Scan(spec, r) != nil || !r.Is(r.At(nameTags.kind), "instance") {
		return event.Value{}
	}
	tags := r.Elems(r.At(nameTags.tags))
	for tag, ok := tags.Next(); ok; tag, ok = tags.Next() {
		if nameTags.tag.Scan(tag, r) == nil && r.Is(r.At(nameTags.key), "Name") {
			return event.StringValue(r.Text(r.At(nameTags.value), x.mem))
		}
	}
	return event.Value{}
}
