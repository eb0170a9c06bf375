// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"encoding/binary"
	"fmt"
)

var le = binary.LittleEndian

// Block types. FORMAT.md shows the layout of each.
const (
	typeSection = 0x0A0D0D0A

	typeMachine    = 0x201
	typeInterfaces = 0x219
	typeUsers      = 0x220

	typeEvent           = 0x204
	typeEventFlags      = 0x208
	typeEventV2         = 0x216
	typeEventFlagsV2    = 0x217
	typeEventLarge      = 0x221
	typeEventFlagsLarge = 0x222

	// Block types of files written before the first release of the format.
	typeMachineOld = 0x8002ABCD
	typeEventOld   = 0x8010ABCD

	// typeOrigin is gyr's own block. No other program uses it; pcapng, where the framing
	// comes from, reserves types with the top bit set for private use.
	typeOrigin = 0x80677972
)

const (
	sectionMagic   = 0x1A2B3C4D
	swappedMagic   = 0x4D3C2B1A
	majorVersion   = 1
	minorVersion   = 2
	minSectionLen  = 28
	frameLen       = 12 // type, length, length again
	maxSmallBlock  = 65536 + 8
	machineLen     = 180
	cpuLen         = 2
	flagsLen       = 4
	flagStateOnly  = 1
	oldHeaderSize  = 22  // of an event in a v1 block: no parameter count
	eventTypeLimit = 454 // types from here on are unknown to every release of Falco

	// DefaultMaxBlock is the default limit, in bytes, of a block that is read or written.
	DefaultMaxBlock = 256 << 20
)

// Event types, besides those of package abi, that hold initial state.
const (
	containerAdded = 324
	userAdded      = 354
	userDeleted    = 356
	groupAdded     = 358
	groupDeleted   = 360
)

// eventKind describes the layout of an event block; 0 means another kind of block.
type eventKind uint8

const (
	isEvent  eventKind = 1 << iota
	hasFlags           // 32 bits of flags precede the event
	isV2               // the event header holds the number of parameters
	isLarge            // not limited to maxSmallBlock
)

func kindOf(typ uint32) eventKind {
	switch typ {
	case typeEventLarge:
		return isEvent | isV2 | isLarge
	case typeEventFlagsLarge:
		return isEvent | isV2 | isLarge | hasFlags
	case typeEventV2:
		return isEvent | isV2
	case typeEventFlagsV2:
		return isEvent | isV2 | hasFlags
	case typeEvent, typeEventOld:
		return isEvent
	case typeEventFlags:
		return isEvent | hasFlags
	}
	return 0
}

// eventOffset returns the offset of the event in its block.
func (k eventKind) eventOffset() int {
	if k&hasFlags != 0 {
		return 8 + cpuLen + flagsLen
	}
	return 8 + cpuLen
}

// headerSize returns the size of the event header.
func (k eventKind) headerSize() int {
	if k&isV2 != 0 {
		return oldHeaderSize + 4
	}
	return oldHeaderSize
}

// largeType reports whether events of the type have 32-bit parameter lengths.
func largeType(typ uint16) bool {
	return typ == 322 || typ == 402 || typ == containerAdded
}

// checkLength validates the length in a block header.
func checkLength(typ, total uint32, k eventKind, limit int64) error {
	switch {
	case total < frameLen || k != 0 && int(total) < k.eventOffset()-cpuLen+k.headerSize()+4:
		return fmt.Errorf("block of type %#x: block length too short %d", typ, total)
	case int64(total) > limit:
		return fmt.Errorf("block of type %#x: %d bytes exceed the limit of %d", typ, total, limit)
	case total%4 != 0:
		return fmt.Errorf("block of type %#x: length %d is not a multiple of 4", typ, total)
	case k != 0 && k&isLarge == 0 && total > maxSmallBlock:
		return fmt.Errorf("block of type %#x: event block length %d greater than %d, the most for blocks that are not LARGE", typ, total-8, maxSmallBlock-8)
	case typ == typeSection && total < minSectionLen:
		return fmt.Errorf("section header of %d bytes is shorter than %d", total, minSectionLen)
	}
	return nil
}

// padded returns n rounded up to a multiple of 4.
func padded(n int) int { return (n + 3) &^ 3 }

// appendFrame starts a block. The caller appends the body, then calls closeFrame.
func appendFrame(dst []byte, typ uint32) ([]byte, int) {
	start := len(dst)
	dst = le.AppendUint32(dst, typ)
	return le.AppendUint32(dst, 0), start
}

// closeFrame pads the block that starts at start and sets its two lengths.
func closeFrame(dst []byte, start int) []byte {
	for (len(dst)-start)%4 != 0 {
		dst = append(dst, 0)
	}
	total := uint32(len(dst) - start + 4)
	le.PutUint32(dst[start+4:], total)
	return le.AppendUint32(dst, total)
}
