// SPDX-License-Identifier: Apache-2.0

package config

import (
	"encoding/json"
	"strings"
)

// Dump returns the merged configuration as one line that is valid YAML and JSON. All values are
// strings. Secrets are masked, and environment variables are not expanded.
func (c *Config) Dump() string {
	var b strings.Builder
	c.root.dump(&b, "")
	return b.String()
}

// dump writes a node. path is its key, without indices.
func (n *node) dump(b *strings.Builder, path string) {
	switch n.kind {
	case kindNull:
		b.WriteString("null")
	case kindScalar:
		writeQuoted(b, n.open(path))
	case kindSeq:
		b.WriteByte('[')
		for i, k := range n.kids {
			if i > 0 {
				b.WriteString(", ")
			}
			k.dump(b, path)
		}
		b.WriteByte(']')
	case kindMap:
		b.WriteByte('{')
		for i, k := range n.kids {
			if i > 0 {
				b.WriteString(", ")
			}
			writeQuoted(b, n.keys[i])
			b.WriteString(": ")
			k.dump(b, join(path, n.keys[i]))
		}
		b.WriteByte('}')
	}
}

func writeQuoted(b *strings.Builder, s string) {
	q, err := json.Marshal(strings.ToValidUTF8(s, "\uFFFD"))
	if err != nil {
		panic(err) // a string always marshals
	}
	b.Write(q)
}
