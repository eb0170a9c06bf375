// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"regexp"
	"strings"
	"sync"
	"time"
)

// CloudTrail puts its files at
//
//	[prefix/]AWSLogs/[o-organization/]account/CloudTrail/region/2006/01/02/account_CloudTrail_region_20060102T1504Z_random.json.gz
//
// layout has the expressions for this. They are compiled when they are needed.
var layout = sync.OnceValue(func() (p struct{ account, accounts, regions, region, day, name *regexp.Regexp }) {
	const org = `o-[a-z0-9]{10,32}`
	p.account = regexp.MustCompile(`(?:^|/)AWSLogs/(?:` + org + `/)?\d{12}/?$`)
	p.accounts = regexp.MustCompile(`(?:^|/)AWSLogs(?:/` + org + `)?/?$`)
	p.regions = regexp.MustCompile(`(?:^|/)CloudTrail/?$`)
	p.region = regexp.MustCompile(`(?:^|/)CloudTrail/[^/]+/$`)
	p.day = regexp.MustCompile(`^(\d{4}/\d{2}/\d{2})/`)
	p.name = regexp.MustCompile(`_CloudTrail_[^_/]+_(\d{8}T\d{4})Z_[^/]*$`)
	return p
})

const (
	dayForm    = "2006/01/02"
	minuteForm = "20060102T1504"
)

// dated reports whether the keys behind a prefix begin with the day, so that their order is
// that of time.
func dated(prefix string) bool { return layout().region.MatchString(prefix) }

// minuteOf returns the time that the name of a log file has, as it is written there; "" if it
// has none.
func minuteOf(key string) string {
	if m := layout().name.FindStringSubmatch(key); m != nil {
		return m[1]
	}
	return ""
}

// timeOf returns the time that the name of a log file has, or that of its folder; the zero time
// if there is none. key is what comes behind a prefix that is dated.
func timeOf(key string) time.Time {
	if t, err := time.Parse(minuteForm, minuteOf(key)); err == nil {
		return t
	}
	if m := layout().day.FindStringSubmatch(key); m != nil {
		if t, err := time.Parse(dayForm, m[1]); err == nil {
			return t
		}
	}
	return time.Time{}
}

// folder returns a prefix with a slash at its end.
func folder(prefix string) string {
	if strings.HasSuffix(prefix, "/") {
		return prefix
	}
	return prefix + "/"
}
