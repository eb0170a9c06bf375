// SPDX-License-Identifier: Apache-2.0

// Package timetext formats event times as Falco does, without allocating.
//
// All functions take nanoseconds since the Unix epoch and append to dst. Local times use one
// offset for all events, computed at the start of the program. As in Falco, a daylight saving
// change has no effect until the next start.
package timetext

import "time"

// Offset returns the offset of the local time zone at t, in seconds east of UTC.
func Offset(t time.Time) int64 {
	_, off := t.Zone()
	return int64(off)
}

// AppendClock appends HH:MM:SS.nnnnnnnnn, or HH:MM:SS if nanos is false, in the time zone
// offset seconds east of UTC.
func AppendClock(dst []byte, ns uint64, offset int64, nanos bool) []byte {
	sec := (int64(ns/1e9) + offset) % 86400
	if sec < 0 {
		sec += 86400
	}
	dst = append2(dst, sec/3600)
	dst = append2(append(dst, ':'), sec/60%60)
	dst = append2(append(dst, ':'), sec%60)
	if nanos {
		dst = AppendPadded(append(dst, '.'), ns%1e9)
	}
	return dst
}

// AppendDate appends YYYY-MM-DD in the time zone offset seconds east of UTC.
func AppendDate(dst []byte, ns uint64, offset int64) []byte {
	y, m, d := time.Unix(int64(ns/1e9)+offset, 0).UTC().Date()
	dst = append2(append2(dst, int64(y/100)), int64(y%100))
	dst = append2(append(dst, '-'), int64(m))
	return append2(append(dst, '-'), int64(d))
}

// AppendISO appends YYYY-MM-DDTHH:MM:SS.nnnnnnnnn in UTC. The caller appends the time zone ("Z"
// or "+0000").
func AppendISO(dst []byte, ns uint64) []byte {
	dst = AppendDate(dst, ns, 0)
	return AppendClock(append(dst, 'T'), ns, 0, true)
}

// AppendPadded appends n as a decimal with at least nine digits.
func AppendPadded(dst []byte, n uint64) []byte {
	var buf [20]byte
	i := len(buf)
	for n > 0 || len(buf)-i < 9 {
		i--
		buf[i] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, buf[i:]...)
}

func append2(dst []byte, n int64) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}
