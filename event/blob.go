// SPDX-License-Identifier: Apache-2.0

package event

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/gyr-dev/gyr/abi"
)

// BlobLen returns the size in bytes of the blob that AppendBlob appends.
func (e *Event) BlobLen() int {
	if e.Blob != nil {
		return len(e.Blob)
	}
	if e.Type == abi.AsyncEvent {
		return abi.AsyncNameOffset + len(e.Name) + 1 + len(e.Data)
	}
	return abi.PayloadOffset + len(e.Data)
}

// AppendBlob appends the event in the form of the C interface: header, lengths,
// parameters, little endian, packed. The thread is [abi.NoThread].
func (e *Event) AppendBlob(dst []byte) []byte {
	if e.Blob != nil {
		return append(dst, e.Blob...)
	}
	le := binary.LittleEndian
	async := e.Type == abi.AsyncEvent
	params := uint32(2)
	if async {
		params = 3
	}
	dst = le.AppendUint64(dst, e.Time)
	dst = le.AppendUint64(dst, abi.NoThread)
	dst = le.AppendUint32(dst, uint32(e.BlobLen()))
	dst = le.AppendUint16(dst, e.Type)
	dst = le.AppendUint32(dst, params)
	dst = le.AppendUint32(dst, 4)
	if async {
		dst = le.AppendUint32(dst, uint32(len(e.Name)+1))
	}
	dst = le.AppendUint32(dst, uint32(len(e.Data)))
	dst = le.AppendUint32(dst, e.PluginID)
	if async {
		dst = append(dst, e.Name...)
		dst = append(dst, 0)
	}
	return append(dst, e.Data...)
}

var errShort = errors.New("event is shorter than its header")

// badLengths is a separate function so that Decode's lens stays on the stack.
func badLengths(size int, params uint32, lens [3]uint64) error {
	return fmt.Errorf("event of %d bytes has parameter lengths %v", size, lens[:params])
}

// Decode makes e a view of blob, which must hold exactly one event of type
// [abi.PluginEvent] or [abi.AsyncEvent]. It does not change Num. It checks every length.
func (e *Event) Decode(blob []byte) error {
	if len(blob) < abi.HeaderSize {
		return errShort
	}
	le := binary.LittleEndian
	typ, params := le.Uint16(blob[20:]), le.Uint32(blob[22:])
	if n := le.Uint32(blob[16:]); uint64(n) != uint64(len(blob)) {
		return fmt.Errorf("event length %d does not match its %d bytes", n, len(blob))
	}
	want := uint32(2)
	switch typ {
	case abi.PluginEvent:
	case abi.AsyncEvent:
		want = 3
	default:
		return fmt.Errorf("event type %d is not a plugin event", typ)
	}
	if params != want {
		return fmt.Errorf("event of type %d has %d parameters instead of %d", typ, params, want)
	}
	body := abi.HeaderSize + 4*int(want)
	if len(blob) < body {
		return errShort
	}
	var lens [3]uint64
	sum := uint64(body)
	for i := range int(want) {
		lens[i] = uint64(le.Uint32(blob[abi.HeaderSize+4*i:]))
		sum += lens[i]
	}
	if lens[0] != 4 || sum != uint64(len(blob)) {
		return badLengths(len(blob), want, lens)
	}
	num := e.Num
	*e = Event{Num: num, Time: le.Uint64(blob), PluginID: le.Uint32(blob[body:]), Type: typ, Blob: blob}
	rest := blob[body+4:]
	if typ == abi.AsyncEvent {
		n := lens[1]
		if n == 0 || rest[n-1] != 0 {
			return errors.New("name of an async event does not end with NUL")
		}
		e.Name, rest = String(rest[:n-1]), rest[n:]
	}
	e.Data = rest[:len(rest):len(rest)]
	return nil
}
