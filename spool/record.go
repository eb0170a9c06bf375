// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

const (
	recordHead = 20 // mark, length, sequence, crc
	segmentTop = 24 // magic, version, crc, first
	version    = 1

	// maxPayload is the largest record. What is larger cannot be an alert.
	maxPayload = 64 << 20
)

var (
	mark  = []byte{0xf5, 'g', 'y', 'r'}
	magic = []byte("gyrspool")

	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// appendHeader appends the header of a segment.
func appendHeader(dst []byte, first uint64) []byte {
	var b [12]byte
	binary.LittleEndian.PutUint32(b[:], version)
	binary.LittleEndian.PutUint64(b[4:], first)
	dst = append(append(dst, magic...), b[:4]...)
	dst = binary.LittleEndian.AppendUint32(dst, crc32.Checksum(b[:], castagnoli))
	return append(dst, b[4:]...)
}

// readHeader returns the sequence number in a segment's header.
func readHeader(b []byte) (first uint64, ok bool) {
	if len(b) < segmentTop || !bytes.Equal(b[:8], magic) {
		return 0, false
	}
	var sum [12]byte
	copy(sum[:], b[8:12])
	copy(sum[4:], b[16:24])
	if crc32.Checksum(sum[:], castagnoli) != binary.LittleEndian.Uint32(b[12:]) || binary.LittleEndian.Uint32(b[8:]) != version {
		return 0, false
	}
	return binary.LittleEndian.Uint64(b[16:]), true
}

// beginRecord appends the head of a record, which endRecord completes when the payload is
// behind it. It returns where the record begins.
func beginRecord(dst []byte) (_ []byte, start int) {
	start = len(dst)
	return append(append(dst, mark...), make([]byte, recordHead-len(mark))...), start
}

func endRecord(dst []byte, start int, seq uint64) {
	r := dst[start:]
	binary.LittleEndian.PutUint32(r[4:], uint32(len(r)-recordHead))
	binary.LittleEndian.PutUint64(r[8:], seq)
	binary.LittleEndian.PutUint32(r[16:], checksum(r))
}

// checksum is the CRC of a record that has its length, sequence and payload.
func checksum(r []byte) uint32 {
	sum := crc32.Update(0, castagnoli, r[4:16])
	return crc32.Update(sum, castagnoli, r[recordHead:])
}

// finding is what parseRecord found.
type finding int

const (
	valid finding = iota
	short         // the bytes may be the beginning of a record
	bad           // they are not
)

// parseRecord reads the record at the beginning of b. The payload is part of b. size is the
// record's size if it is valid, the number of bytes needed to tell if b is too short.
func parseRecord(b []byte) (seq uint64, payload []byte, size int, what finding) {
	n := min(len(b), len(mark))
	if !bytes.Equal(b[:n], mark[:n]) {
		return 0, nil, 0, bad
	}
	if len(b) < recordHead {
		return 0, nil, recordHead, short
	}
	length := binary.LittleEndian.Uint32(b[4:])
	if length > maxPayload {
		return 0, nil, 0, bad
	}
	size = recordHead + int(length)
	if len(b) < size {
		return 0, nil, size, short
	}
	if checksum(b[:size]) != binary.LittleEndian.Uint32(b[16:]) {
		return 0, nil, 0, bad
	}
	return binary.LittleEndian.Uint64(b[8:]), b[recordHead:size], size, valid
}

// nextMark returns where in b, behind its first byte, a record may begin; len(b) less what may
// be the beginning of a mark if there is none.
func nextMark(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	if i := bytes.Index(b[1:], mark); i >= 0 {
		return i + 1
	}
	for n := min(len(mark)-1, len(b)-1); n > 0; n-- {
		if bytes.HasSuffix(b, mark[:n]) {
			return len(b) - n
		}
	}
	return len(b)
}
