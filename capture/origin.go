// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Plugin identifies the plugin that produced the events with its ID. It is stored in a block
// of gyr's own, which other readers skip.
type Plugin struct {
	ID      uint32 `json:"id"`
	Name    string `json:"name"`
	Version string `json:"version"`
	Source  string `json:"source"`
	// ConfigDigest is the digest of the plugin's configuration ([ConfigDigest]). It is equal
	// for captures recorded with the same configuration. May be empty.
	ConfigDigest string `json:"config_digest,omitempty"`
}

// ConfigDigest returns the digest of a plugin's configuration. Captures store the digest,
// because the configuration itself may hold secrets.
func ConfigDigest(config string) string {
	sum := sha256.Sum256([]byte(config))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// origin is the content of the block.
type origin struct {
	initial uint32 // number of initial state events; noInitial if unknown
	plugins []Plugin
}

const (
	originVersion = 1
	// noInitial lets the reader determine which events are initial state.
	noInitial = ^uint32(0)
	// maxOrigin is the longest block that is parsed, maxPlugins the number of plugins kept
	// per file.
	maxOrigin  = 1 << 20
	maxPlugins = 1000
)

func appendOrigin(dst []byte, o origin) []byte {
	dst, start := appendFrame(dst, typeOrigin)
	dst = le.AppendUint32(dst, originVersion)
	dst = le.AppendUint32(dst, o.initial)
	dst = le.AppendUint32(dst, uint32(len(o.plugins)))
	for i := range o.plugins {
		p := &o.plugins[i]
		at := len(dst)
		dst = le.AppendUint32(dst, 0)
		dst = le.AppendUint32(dst, p.ID)
		for _, s := range [...]string{p.Name, p.Version, p.Source, p.ConfigDigest} {
			s = s[:min(len(s), 0xFFFF)]
			dst = le.AppendUint16(dst, uint16(len(s)))
			dst = append(dst, s...)
		}
		le.PutUint32(dst[at:], uint32(len(dst)-at))
	}
	return closeFrame(dst, start)
}

// parseOrigin parses the body of the block. An unknown version is not an error; the block is
// then ignored.
func parseOrigin(body []byte) (origin, error) {
	o := origin{initial: noInitial}
	if len(body) < 12 {
		return o, fmt.Errorf("origin block has a body of %d bytes", len(body))
	}
	if le.Uint32(body) != originVersion {
		return o, nil
	}
	o.initial = le.Uint32(body[4:])
	n := le.Uint32(body[8:])
	body = body[12:]
	for i := range min(n, maxPlugins+1) {
		if len(body) < 8 {
			return o, fmt.Errorf("origin block ends before plugin %d of %d", i+1, n)
		}
		size := le.Uint32(body)
		if size < 16 || uint64(size) > uint64(len(body)) {
			return o, fmt.Errorf("origin block: plugin %d has %d bytes of %d", i+1, size, len(body))
		}
		p := Plugin{ID: le.Uint32(body[4:])}
		entry := body[8:size]
		for _, s := range [...]*string{&p.Name, &p.Version, &p.Source, &p.ConfigDigest} {
			if len(entry) < 2 || len(entry)-2 < int(le.Uint16(entry)) {
				return o, fmt.Errorf("origin block: text of plugin %d is longer than its entry", i+1)
			}
			n := 2 + int(le.Uint16(entry))
			*s, entry = string(entry[2:n]), entry[n:]
		}
		o.plugins = append(o.plugins, p)
		body = body[size:]
	}
	return o, nil
}
