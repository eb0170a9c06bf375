// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

// maxKnown is how many records are known for leaving out duplicates.
const maxKnown = 500_000

// newDedup leaves out records whose eventID was seen in the given time.
func newDedup(window time.Duration) *logfiles.Dedup {
	var b jsonscan.Builder
	slot := b.Add(jsonscan.Keys("eventID"))
	set, result := b.Build(), new(jsonscan.Result)
	return &logfiles.Dedup{Window: window, Max: maxKnown, Identify: func(record []byte) (logfiles.ID, bool) {
		_ = set.Scan(record, result) // what is found before a damage counts
		id := result.At(slot)
		if id.Kind != jsonscan.String {
			return logfiles.ID{}, false
		}
		return identify(inside(result, id))
	}}
}

// identify makes an identifier of an eventID, which is a UUID; of anything else it takes a
// cryptographic hash, so that no two are taken for one.
func identify(text []byte) (id logfiles.ID, ok bool) {
	if len(text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' {
		var digits [32]byte
		n := 0
		for _, c := range text {
			if c != '-' && n < len(digits) {
				digits[n] = c
				n++
			}
		}
		if _, err := hex.Decode(id[:], digits[:]); err == nil && n == len(digits) {
			return id, true
		}
	}
	sum := sha256.Sum256(text)
	copy(id[:], sum[:])
	return id, len(text) > 0
}
