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
func (m *images) at(x *extraction, i uint64) (id string, ok bool) {
	if x.found.At(m.items).Kind == jsonscan.Absent {
		if i == 0 {
			return m.fromRequest(x)
		}
		return "", false
	}
	for h := x.found.First(m.ids); h != nil; h = x.found.Next(h) {
		if uint64(h.Elem) == i && h.Kind != jsonscan.Null {
			return x.found.Text(h.Span, x.mem), true
		}
	}
	return "", false
}

func (m *images) nth(i uint64) textGetter {
	return func(x *extraction) (string, bool) { return m.at(x, i) }
}

// all returns the images of all instances that have one.
func (m *images) all(x *extraction) []event.Value {
	if x.found.At(m.items).Kind == jsonscan.Absent {
		return listOf(x, m.fromRequest)
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
	return list
}

func (m *images) fromRequest(x *extraction) (id string, ok bool) {
	for _, slot := range m.single {
		if id, ok := x.text(slot); ok {
			return id, true
		}
	}
	return "", false
}

// listOf returns the list of one text, empty if that is absent.
func listOf(x *extraction, get textGetter) []event.Value {
	text, ok := get(x)
	if !ok {
		return nil
	}
	list := x.mem.Values(1)
	list[0] = event.StringValue(text)
	return list
}

// imageIDs is the list of images, or with an index a list of that one.
func imageIDs(b *jsonscan.Builder, req *sdk.Request) listGetter {
	m := newImages(b)
	if !req.HasArg {
		return m.all
	}
	at := m.nth(req.Index)
	return func(x *extraction) []event.Value { return listOf(x, at) }
}

// imageID is the first image.
func imageID(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	m := newImages(b)
	return m.nth(0)
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
func instanceName(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	slot := b.Add(jsonscan.Keys("requestParameters", "tagSpecificationSet", "items"))
	return func(x *extraction) (name string, ok bool) {
		specs := x.found.Elems(x.found.At(slot))
		for spec, more := specs.Next(); more; spec, more = specs.Next() {
			if tag, ok := x.nameTag(spec); ok {
				name = tag
			}
		}
		return name, name != ""
	}
}

// nameTag returns the first tag Name of a tag specification for instances.
func (x *extraction) nameTag(spec []byte) (name string, ok bool) {
	r := &x.part
	if nameTags.spec.Scan(spec, r) != nil || !r.Is(r.At(nameTags.kind), "instance") {
		return "", false
	}
	tags := r.Elems(r.At(nameTags.tags))
	for tag, ok := tags.Next(); ok; tag, ok = tags.Next() {
		if nameTags.tag.Scan(tag, r) == nil && r.Is(r.At(nameTags.key), "Name") {
			return r.Text(r.At(nameTags.value), x.mem), true
		}
	}
	return "", false
}
