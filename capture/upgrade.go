// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"fmt"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// upgrade converts an event of a v1 block, whose header has no number of parameters, to the
// v2 form. The number follows from the lengths, which must fill the event exactly. The
// 16-bit lengths of v1 blocks become 32-bit lengths, as plugin events have.
func upgrade(old []byte, mem *event.Arena) ([]byte, error) {
	params := 2
	if le.Uint16(old[20:]) == abi.AsyncEvent {
		params = 3
	}
	for _, width := range [...]int{2, 4} {
		head := oldHeaderSize + params*width
		if len(old) < head {
			break
		}
		var lens [3]uint64
		sum := uint64(head)
		for i := range params {
			if p := old[oldHeaderSize+i*width:]; width == 2 {
				lens[i] = uint64(le.Uint16(p))
			} else {
				lens[i] = uint64(le.Uint32(p))
			}
			sum += lens[i]
		}
		if sum != uint64(len(old)) {
			continue
		}
		size := abi.HeaderSize + params*4 + len(old) - head
		blob := mem.Bytes(size)
		copy(blob, old[:oldHeaderSize])
		le.PutUint32(blob[16:], uint32(size))
		le.PutUint32(blob[22:], uint32(params))
		for i := range params {
			le.PutUint32(blob[abi.HeaderSize+4*i:], uint32(lens[i]))
		}
		copy(blob[abi.HeaderSize+4*params:], old[head:])
		return blob, nil
	}
	return nil, fmt.Errorf("cannot convert v1 event of type %d: its %d bytes do not have %d parameters", le.Uint16(old[20:]), len(old), params)
}
