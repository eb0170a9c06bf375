// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"fmt"
	"strconv"
	"strings"
)

// Grouped formats a number with digits in groups of three: "1,234,567".
func Grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural formats a number with a noun: "1 rule", "2,000 rules".
func Plural(n uint64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return Grouped(n) + " " + thing
}

// barWidth is how wide a bar is where there is room.
const barWidth = 30

// Bar is a progress bar as text, for a share from 0 to 1: "[###...]  50 %".
func Bar(share float64) string { return bar(share, barWidth) }

func bar(share float64, width int) string {
	share = min(max(share, 0), 1)
	full := int(share * float64(width))
	return fmt.Sprintf("[%s%s] %3.0f %%", strings.Repeat("#", full), strings.Repeat(".", width-full), 100*share)
}
