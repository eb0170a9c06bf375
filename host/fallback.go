// SPDX-License-Identifier: Apache-2.0

package host

import "strconv"

// fallbackLen is the number of payload bytes in the fallback text.
const fallbackLen = 50

// AppendFallbackInfo appends the text of evt.plugininfo for a plugin that returns none: the
// length of the payload, and its start if that is printable ASCII.
func AppendFallbackInfo(dst, payload []byte) []byte {
	dst = append(dst, "datalen="...)
	dst = strconv.AppendInt(dst, int64(len(payload)), 10)
	dst = append(dst, " data="...)
	head := payload[:min(len(payload), fallbackLen)]
	for _, c := range head {
		if c < ' ' || c > '~' {
			return append(dst, "<binary>"...)
		}
	}
	dst = append(dst, head...)
	if len(payload) > fallbackLen {
		dst = append(dst, "..."...)
	}
	return dst
}
