// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"strings"
)

// Key describes a configuration key, for the reference.
type Key struct {
	// Path is the full key: names separated by dots, [] for the elements of a sequence, * for
	// any name.
	Path string
	// Type lists the permitted types, separated by |, or is enum(a,b).
	Type    string
	Meaning string
	// Required is true if the parent map must have the key.
	Required bool
	// Default is the default value, "" if none.
	Default string
}

// Keys returns all keys, with related keys next to each other.
func Keys() []Key {
	defaults := map[string]string{}
	d := &decoder{root: &node{}, note: func(key string, def any) { defaults[key] = fmt.Sprint(def) }}
	if _, err := d.decode(nil); err != nil {
		panic(err) // an empty configuration is valid
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

// withReason adds the reason to the meaning of a key without effect.
func withReason(path, meaning string) string {
	r, ok := noEffect(path)
	if !ok {
		return meaning
	}
	return strings.TrimSpace(meaning + " No effect: " + r.Why + ".")
}
