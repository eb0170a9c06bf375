// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"net/url"
	"strings"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// The recipes of fields with a single value.

// text is the value at a path: a string, anything else as JSON, null too.
func text(path jsonscan.Path) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot := b.Add(path)
		return func(x *extraction, out *event.Value) {
			if s, ok := x.found.Plain(slot); ok {
				out.Str, out.Present = s, true
			} else if s := x.found.At(slot); s.Kind != jsonscan.Absent {
				out.Str, out.Present = x.found.Text(s, x.mem), true
			}
		}
	}
}

// always is the same text for each event.
func always(text string) recipe {
	return func(*jsonscan.Builder, *sdk.Request) getter {
		return func(_ *extraction, out *event.Value) { out.Str, out.Present = text, true }
	}
}

// uriParam is the first value of a parameter of the URI.
func uriParam(b *jsonscan.Builder, req *sdk.Request) getter {
	slot, key := b.Add(at("requestURI")), strings.Clone(req.Key)
	return func(x *extraction, out *event.Value) {
		uri := x.found.Text(x.found.At(slot), x.mem)
		_, query, _ := strings.Cut(uri, "?")
		query, _, _ = strings.Cut(query, "#")
		for pair := range strings.SplitSeq(query, "&") {
			name, value, _ := strings.Cut(pair, "=")
			if !same(name, key) {
				continue
			}
			if s, err := url.QueryUnescape(value); err == nil {
				out.Str, out.Present = s, true
				return
			}
		}
	}
}

// same reports whether the escaped name is key.
func same(name, key string) bool {
	if !strings.ContainsAny(name, "%+") {
		return name == key
	}
	s, err := url.QueryUnescape(name)
	return err == nil && s == key
}

// targetPod is the name in the response to a request for a pod itself.
func targetPod(b *jsonscan.Builder, _ *sdk.Request) getter {
	resource, sub := b.Add(at("objectRef", "resource")), b.Add(at("objectRef", "subresource"))
	name := b.Add(at("responseObject", "metadata", "name"))
	return func(x *extraction, out *event.Value) {
		if !x.found.Is(x.found.At(resource), "pods") {
			return
		}
		if s := x.found.At(sub); s.Kind == jsonscan.String && !x.found.Is(s, "") {
			return
		}
		if s := x.found.At(name); s.Kind != jsonscan.Absent {
			out.Str, out.Present = x.found.Text(s, x.mem), true
		}
	}
}

// repository is an image without tag and digest. A colon before the last slash belongs to the
// port of the registry.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i]
	}
	return image
}

// firstImage is the image of the first container.
func firstImage(short bool) recipe {
	return func(b *jsonscan.Builder, _ *sdk.Request) getter {
		slot := b.Add(spec("containers").Then("0", "image"))
		return func(x *extraction, out *event.Value) {
			s := x.found.At(slot)
			if s.Kind == jsonscan.Absent {
				return
			}
			out.Str, out.Present = x.found.Text(s, x.mem), true
			if short {
				out.Str = repository(out.Str)
			}
		}
	}
}

// anyPrivileged is "true" or "false" for a pod with containers.
func anyPrivileged(b *jsonscan.Builder, _ *sdk.Request) getter {
	list := b.Add(spec("containers"))
	flags := b.Add(spec("containers").Each("securityContext", "privileged"))
	return func(x *extraction, out *event.Value) {
		if x.found.At(list).Kind != jsonscan.Array {
			return
		}
		out.Str, out.Present = "false", true
		for h := x.found.First(flags); h != nil; h = x.found.Next(h) {
			if h.Kind == jsonscan.True {
				out.Str = "true"
			}
		}
	}
}

// hasHostPath is "true" or "false" for a pod with volumes.
func hasHostPath(b *jsonscan.Builder, req *sdk.Request) getter {
	list, paths := b.Add(spec("volumes")), b.Add(spec("volumes").Each("hostPath", "path"))
	prefix, any := strings.CutSuffix(strings.Clone(req.Key), "*")
	return func(x *extraction, out *event.Value) {
		if x.found.At(list).Kind != jsonscan.Array {
			return
		}
		out.Str, out.Present = "false", true
		for h := x.found.First(paths); h != nil; h = x.found.Next(h) {
			path := x.found.Text(h.Span, x.mem)
			if path == prefix || any && strings.HasPrefix(path, prefix) {
				out.Str = "true"
			}
		}
	}
}
