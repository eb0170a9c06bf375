// SPDX-License-Identifier: Apache-2.0

package alert

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// ID tells alerts apart. The same event and rule have the same ID, whenever and however
// often the event is read, if the source gives the event a time of its own. Events with the
// same time and payload share their IDs. The zero ID is none.
type ID [16]byte

// NewID returns the ID of the alert of a rule: a hash of it, the plugin ID, the event source,
// the event's time in nanoseconds since the Unix epoch, and the payload.
func NewID(plugin uint32, source string, time uint64, payload []byte, rule string) ID {
	var head [24]byte // the lengths keep the texts apart
	binary.LittleEndian.PutUint32(head[:], plugin)
	binary.LittleEndian.PutUint64(head[4:], time)
	binary.LittleEndian.PutUint32(head[12:], uint32(len(source)))
	binary.LittleEndian.PutUint64(head[16:], uint64(len(payload)))
	h := sha256.New()
	h.Write(head[:])
	h.Write([]byte(source))
	h.Write(payload)
	h.Write([]byte(rule))
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	return ID(sum[:16])
}

func (id ID) String() string { return hex.EncodeToString(id[:]) }
