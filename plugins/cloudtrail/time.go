// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"time"

	"github.com/gyr-dev/gyr/event"
)

// parseTime returns a time of RFC 3339 in nanoseconds since the epoch. Times that a 64-bit
// number of nanoseconds cannot hold are not ok.
func parseTime(b []byte) (ns uint64, ok bool) {
	if t, ok := parseUTC(b); ok {
		return t, true
	}
	t, err := time.Parse(time.RFC3339, event.String(b))
	if err != nil || t.UTC().Year() < 1970 || t.UTC().Year() > 2261 {
		return 0, false
	}
	return uint64(t.UnixNano()), true
}

// parseUTC is for the form that CloudTrail writes, 2006-01-02T15:04:05Z, in this century
// and the last one since 1970; anything else is not ok.
func parseUTC(b []byte) (ns uint64, ok bool) {
	if len(b) != 20 || b[4] != '-' || b[7] != '-' || b[10] != 'T' || b[13] != ':' || b[16] != ':' || b[19] != 'Z' {
		return 0, false
	}
	year := two(b[0:])*100 + two(b[2:])
	month, day := two(b[5:]), two(b[8:])
	hour, minute, second := two(b[11:]), two(b[14:]), two(b[17:])
	// two gives a huge number for what is none, which all of these refuse. The last day
	// of a leap year's February is left to package time.
	if year < 1970 || year > 2099 || month-1 > 11 || day-1 >= daysIn[min(month-1, 11)] || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	// Days of whole years, their leap days, and of whole months.
	days := (year-1970)*365 + (year-1969)/4 + daysBefore[month-1] + day - 1
	if month > 2 && year%4 == 0 { // 2000 is a leap year, 2100 out of range
		days++
	}
	return (((days*24+hour)*60+minute)*60 + second) * 1e9, true
}

var daysBefore = [12]uint64{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}

var daysIn = [12]uint64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// two returns the number of two decimal digits, a huge one if they are none.
func two(b []byte) uint64 {
	tens, units := uint64(b[0]-'0'), uint64(b[1]-'0')
	if tens > 9 || units > 9 {
		return 1 << 20
	}
	return tens*10 + units
}
