// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"strings"
)

// Key describes a key of the configuration, for its reference.
type Key struct {
	// Path is the key with those around it: names separated by dots, [] for the elements
	// of a sequence, * for any name.
	Path string
	// Type is what a value may be: types joined by |, or enum(a,b).
	Type    string
	Meaning string
	// Required says that the map around the key must have it.
	Required bool
	// Default is what counts if the key is absent, "" if that is nothing.
	Default string
}

// Keys returns all keys, those that belong together in a row.
func Keys() []Key {
	defaults := map[string]string{}
	d := &decoder{root: &node{}, note: func(key string, def any) { defaults[key] = fmt.Sprint(def) }}
	if _, err := d.decode(nil); err != nil {
		panic(err) // an empty configuration is always good
	}
	var list []Key
	for _, line := range strings.Split(keysText, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		head, meaning, _ := strings.Cut(line, "  ")
		path, typ, _ := strings.Cut(head, " ")
		k := Key{Type: typ, Meaning: meaning}
		k.Path, k.Required = strings.CutSuffix(path, "!")
		k.Default = defaults[k.Path]
		k.Meaning = withReason(k.Path, k.Meaning)
		list = append(list, k)
	}
	return list
}

// withReason says of a key without effect why it has none.
func withReason(path, meaning string) string {
	r, ok := noEffect(path)
	if !ok {
		return meaning
	}
	return strings.TrimSpace(meaning + " No effect: " + r.Why + ".")
}
