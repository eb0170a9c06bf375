// SPDX-License-Identifier: Apache-2.0

package config

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var durationForm = regexp.MustCompile(`^(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?$`)

// durationUnits lists the units of the groups in durationForm. A year has 365 days.
var durationUnits = [...]time.Duration{
	365 * 24 * time.Hour, 7 * 24 * time.Hour, 24 * time.Hour,
	time.Hour, time.Minute, time.Second, time.Millisecond,
}

// toDuration parses a duration in Prometheus format, such as "1h30m". It returns 0 for invalid
// text, and the maximum duration on overflow.
func toDuration(s string) time.Duration {
	m := durationForm.FindStringSubmatch(strings.Join(strings.Fields(s), ""))
	if m == nil {
		return 0
	}
	const most = time.Duration(1<<63 - 1)
	var sum time.Duration
	for i, unit := range durationUnits {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.ParseInt(m[i+1], 10, 64)
		if err != nil || n > int64((most-sum)/unit) {
			return most
		}
		sum += time.Duration(n) * unit
	}
	return sum
}
