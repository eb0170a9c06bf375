// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Interval is a time span; a zero time is no limit.
type Interval struct{ Start, End time.Time }

// ParseInterval reads a time span: a time, from which on everything is wanted, or two with a
// hyphen between. A time is an age before now, a number with one of the units w, d, h, m, s,
// or of the form 2006-01-02T15:04:05Z. An empty text is no limit.
func ParseInterval(text string, now time.Time) (i Interval, err error) {
	if strings.TrimSpace(text) == "" {
		return i, nil
	}
	first, second := text, ""
	// A time has hyphens too, so that the one between is looked for from the end.
	for at := strings.LastIndexByte(text, '-'); at >= 0; at = strings.LastIndexByte(text[:at], '-') {
		if _, err := parseEnd(text[at+1:], now); err == nil {
			first, second = text[:at], text[at+1:]
			break
		}
	}
	if i.Start, err = parseEnd(first, now); err != nil {
		return Interval{}, err
	}
	if second != "" {
		if i.End, err = parseEnd(second, now); err != nil {
			return Interval{}, err
		}
	}
	return i, nil
}

// timeForm is how intervals are written.
const timeForm = "2006-01-02T15:04:05Z"

var units = map[byte]time.Duration{
	'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second,
}

func parseEnd(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if n := len(text); n > 1 && units[text[n-1]] > 0 {
		unit := units[text[n-1]]
		count, err := strconv.ParseUint(text[:n-1], 10, 32)
		if err == nil && time.Duration(count) > (1<<63-1)/unit {
			err = strconv.ErrRange
		}
		if err == nil {
			return now.UTC().Add(-time.Duration(count) * unit), nil
		}
	}
	t, err := time.Parse(timeForm, text)
	if err != nil {
		return t, fmt.Errorf("%q is neither an age such as 5d nor a time such as %s", text, timeForm)
	}
	return t, nil
}
