// SPDX-License-Identifier: Apache-2.0

package template

import (
	"net/netip"
	"strconv"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/timetext"
)

const notAvailable = "<NA>"

// maxListText is how long the text of a list may be; what is longer is cut.
const maxListText = 1023

// appendText appends a value as text. padded numbers have at least nine digits.
func appendText(dst []byte, v *event.Value, t abi.FieldType, list, padded bool) []byte {
	switch {
	case !v.Present:
		return append(dst, notAvailable...)
	case list:
		return appendListText(dst, v.List, t)
	}
	return appendScalarText(dst, v, t, padded)
}

// appendListText appends (a,b,c). There is no comma while nothing but the parenthesis is
// written, so empty elements at the beginning vanish, as in Falco.
func appendListText(dst []byte, list []event.Value, t abi.FieldType) []byte {
	start := len(dst)
	dst = append(dst, '(')
	for i := range list {
		if len(dst) > start+1 {
			dst = append(dst, ',')
		}
		dst = appendScalarText(dst, &list[i], t, false)
		if len(dst)-start > maxListText {
			return dst[:start+maxListText]
		}
	}
	dst = append(dst, ')')
	return dst[:min(len(dst), start+maxListText)]
}

func appendScalarText(dst []byte, v *event.Value, t abi.FieldType, padded bool) []byte {
	switch t {
	case abi.Uint64, abi.RelTime, abi.AbsTime:
		if padded {
			return timetext.AppendPadded(dst, v.Num)
		}
		return strconv.AppendUint(dst, v.Num, 10)
	case abi.Bool:
		return strconv.AppendBool(dst, v.Num != 0)
	case abi.IPAddr:
		return appendAddr(dst, v.Str)
	case abi.IPNet:
		return append(dst, "<IPNET>"...)
	}
	return append(dst, v.Str...)
}

// appendAddr appends an address of 4 or 16 bytes the way inet_ntop writes it.
func appendAddr(dst []byte, a string) []byte {
	switch len(a) {
	case 4:
		return netip.AddrFrom4([4]byte([]byte(a))).AppendTo(dst)
	case 16:
		b := [16]byte([]byte(a))
		if [12]byte(b[:12]) == [12]byte{} && (b[12] != 0 || b[13] != 0) {
			dst = append(dst, "::"...) // an IPv4-compatible address
			return netip.AddrFrom4([4]byte(b[12:])).AppendTo(dst)
		}
		return netip.AddrFrom16(b).AppendTo(dst)
	}
	return append(dst, notAvailable...)
}

// kind says how JSON shows a value.
type kind uint8

const (
	kindString kind = iota
	kindUint
	kindInt // times of the host's own, which Falco shows as signed numbers
	kindBool
	kindAddr
	kindNet
)

// appendJSON appends a value as JSON.
func appendJSON(dst []byte, v *event.Value, k kind, list bool) []byte {
	switch {
	case !v.Present:
		return append(dst, "null"...)
	case !list:
		return appendScalarJSON(dst, v, k)
	}
	dst = append(dst, '[')
	for i := range v.List {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendScalarJSON(dst, &v.List[i], k)
	}
	return append(dst, ']')
}

func appendScalarJSON(dst []byte, v *event.Value, k kind) []byte {
	switch k {
	case kindUint:
		return strconv.AppendUint(dst, v.Num, 10)
	case kindInt:
		return strconv.AppendInt(dst, int64(v.Num), 10)
	case kindBool:
		return strconv.AppendBool(dst, v.Num != 0)
	case kindAddr:
		return append(appendAddr(append(dst, '"'), v.Str), '"')
	case kindNet:
		return append(dst, `"<IPNET>"`...)
	}
	return alert.AppendQuoted(dst, v.Str)
}
