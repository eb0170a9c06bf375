// SPDX-License-Identifier: Apache-2.0

package jsonscan

import "strings"

// Path leads from the root of a document to a value. The empty path is the document.
type Path []Step

// Step is one step of a path.
type Step struct {
	// Key is the name of an object member, or the decimal index of an array element.
	Key string
	// Every selects all elements of an array. Key is then ignored.
	Every bool
}

// Keys returns the path with the given keys.
func Keys(keys ...string) Path { return Path(nil).Then(keys...) }

// Then returns the path that continues p with the given keys. It does not change p.
func (p Path) Then(keys ...string) Path {
	q := append(make(Path, 0, len(p)+len(keys)), p...)
	for _, k := range keys {
		q = append(q, Step{Key: k})
	}
	return q
}

// Each returns the path of the value at the given keys in every element of the array at p;
// without keys, of the elements themselves. It does not change p.
func (p Path) Each(keys ...string) Path {
	q := append(make(Path, 0, len(p)+1+len(keys)), p...)
	return append(q, Step{Every: true}).Then(keys...)
}

var pointerEscapes = strings.NewReplacer("~1", "/", "~0", "~")

// Pointer parses a JSON pointer (RFC 6901). The leading slash is optional, and every text is
// accepted: a tilde that is not part of an escape is kept.
func Pointer(s string) Path {
	if s == "" {
		return nil
	}
	s = strings.TrimPrefix(s, "/")
	keys := strings.Split(s, "/")
	for i, k := range keys {
		keys[i] = pointerEscapes.Replace(k)
	}
	return Keys(keys...)
}
