// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"encoding/binary"
	"errors"

	"github.com/gyr-dev/gyr/alert"
)

// The payload of a record is an alert: fields one behind the other, each a tag (one byte), the
// length of the value (uvarint) and the value. Numbers are uvarints. A reader passes over tags
// that it does not know, so that later versions may add some.
const (
	tagNum byte = iota + 1
	tagTime
	tagPriority
	tagRule
	tagSource
	tagTag // once for each tag
	tagLine
	tagID
)

// appendAlert appends the payload of an alert.
func appendAlert(dst []byte, a *alert.Alert) []byte {
	dst = appendNumber(dst, tagNum, a.Num)
	dst = appendNumber(dst, tagTime, a.Time)
	dst = appendNumber(dst, tagPriority, uint64(a.Priority))
	dst = appendText(dst, tagRule, a.Rule)
	dst = appendText(dst, tagSource, a.Source)
	for _, t := range a.Tags {
		dst = appendText(dst, tagTag, t)
	}
	if a.ID != (alert.ID{}) {
		dst = appendText(dst, tagID, a.ID[:])
	}
	return appendText(dst, tagLine, a.Line)
}

func appendNumber(dst []byte, tag byte, n uint64) []byte {
	var b [binary.MaxVarintLen64]byte
	size := binary.PutUvarint(b[:], n)
	return append(append(dst, tag, byte(size)), b[:size]...)
}

func appendText[T string | []byte](dst []byte, tag byte, text T) []byte {
	dst = binary.AppendUvarint(append(dst, tag), uint64(len(text)))
	return append(dst, text...)
}

var errPayload = errors.New("record is not an alert")

// decoder reads alerts. Names that come again and again are the same string each time.
type decoder struct {
	names map[string]string
	tags  []string // of the alerts since reset
}

// maxNames bounds the memory of a decoder; rules, sources and tags have far fewer names.
const maxNames = 10_000

func (d *decoder) reset() { d.tags = d.tags[:0] }

func (d *decoder) name(b []byte) string {
	if s, ok := d.names[string(b)]; ok {
		return s
	}
	if d.names == nil || len(d.names) >= maxNames {
		d.names = map[string]string{}
	}
	s := string(b)
	d.names[s] = s
	return s
}

// alert reads a payload. The alert's bytes are those of the payload, its tags are valid until
// reset.
func (d *decoder) alert(b []byte) (a alert.Alert, err error) {
	first := len(d.tags)
	for len(b) > 0 {
		tag := b[0]
		size, n := binary.Uvarint(b[1:])
		if n <= 0 || size > uint64(len(b)-1-n) {
			return a, errPayload
		}
		value := b[1+n : 1+n+int(size)]
		b = b[1+n+int(size):]
		switch tag {
		case tagNum, tagTime, tagPriority:
			v, n := binary.Uvarint(value)
			if n != len(value) || tag == tagPriority && v > uint64(alert.Debug) {
				return a, errPayload
			}
			setNumber(&a, tag, v)
		case tagRule:
			a.Rule = d.name(value)
		case tagSource:
			a.Source = d.name(value)
		case tagTag:
			d.tags = append(d.tags, d.name(value))
		case tagID:
			if len(value) != len(a.ID) {
				return a, errPayload
			}
			a.ID = alert.ID(value)
		case tagLine:
			a.Line = value
		}
	}
	if len(d.tags) > first {
		a.Tags = d.tags[first:len(d.tags):len(d.tags)]
	}
	return a, nil
}

func setNumber(a *alert.Alert, tag byte, v uint64) {
	switch tag {
	case tagNum:
		a.Num = v
	case tagTime:
		a.Time = v
	case tagPriority:
		a.Priority = alert.Priority(v)
	}
}
