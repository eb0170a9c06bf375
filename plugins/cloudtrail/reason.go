// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/gyr-dev/gyr/internal/logfiles"
	"github.com/gyr-dev/gyr/sdk"
)

// reason says what becomes of what may be a record.
type reason uint8

const (
	taken    reason = iota // it becomes an event
	noType                 // it has no eventType, or one that is no text
	noTime                 // it has no eventTime, or one that cannot be read
	insight                // it is of CloudTrail Insights
	notJSON                // its brackets are in order, but it is no JSON
	noRecord               // it is something else than a record
	tooLarge               // it has more than MaxRecord bytes

	reasons // their number
)

// tally counts by reason.
type tally [reasons]int

// about has for each reason the name of the metric, and what people read of records that do
// not become events. often says that CloudTrail writes such all the time.
var about = [reasons]struct {
	metric, text string
	often        bool
}{
	noType:   {metric: "records_skipped_no_type", text: "records without eventType are skipped"},
	noTime:   {metric: "records_skipped_no_time", text: "records without an eventTime that can be read are skipped"},
	insight:  {metric: "records_skipped_insight", text: "records of CloudTrail Insights are skipped", often: true},
	notJSON:  {metric: "records_skipped_not_json", text: "records that are no JSON are skipped"},
	noRecord: {metric: "records_skipped_no_record", text: "values that are no records are skipped"},
	tooLarge: {metric: "records_dropped_too_large", text: fmt.Sprintf("records of more than %d KiB are dropped", MaxRecord>>10)},
}

// counters say what became of files and records. Any goroutine may use them.
type counters struct {
	logfiles.Counts
	digests atomic.Uint64
	skipped [reasons]struct {
		n    atomic.Uint64
		file atomic.Pointer[string] // the first one with such a record
	}
}

// skip counts n records of a file that do not become events, and reports them with the
// file if they are what should not be there.
func (c *counters) skip(r reason, n, largest int, file string, log *slog.Logger) {
	s := &c.skipped[r]
	s.file.CompareAndSwap(nil, &file)
	s.n.Add(uint64(n))
	switch r {
	case tooLarge:
		log.Warn(about[r].text, "file", file, "records", n, "largest", largest)
	case notJSON:
		log.Warn(about[r].text, "file", file, "records", n)
	default:
		log.Debug(about[r].text, "file", file, "records", n)
	}
}

// report logs one line for each reason for which records did not become events, and one for
// digests.
func (c *counters) report(log *slog.Logger) {
	if n := c.digests.Load(); n > 0 {
		log.Info("digest files have no records and are passed over", "files", n)
	}
	for r := taken + 1; r < reasons; r++ {
		n, level := c.skipped[r].n.Load(), slog.LevelWarn
		if n == 0 {
			continue
		}
		if about[r].often {
			level = slog.LevelInfo
		}
		log.Log(context.Background(), level, about[r].text, "records", n, "first_in", *c.skipped[r].file.Load())
	}
}

// metrics returns the counters; all of them only grow.
func (c *counters) metrics() []sdk.Metric {
	list := []sdk.Metric{
		sdk.Counter("files_read", c.Files.Load()),
		sdk.Counter("files_unreadable", c.Unreadable.Load()),
		sdk.Counter("files_damaged", c.Damaged.Load()),
		sdk.Counter("files_digest", c.digests.Load()),
		sdk.Counter("records_read", c.Events.Load()),
	}
	for r := taken + 1; r < reasons; r++ {
		list = append(list, sdk.Counter(about[r].metric, c.skipped[r].n.Load()))
	}
	return list
}

// wanted returns the time of a record in nanoseconds since the epoch, and whether it is to be
// an event.
func wanted(at, typ []byte) (uint64, reason) {
	if string(typ) == "AwsCloudTrailInsight" {
		return 0, insight
	}
	time, ok := parseTime(at)
	if !ok {
		return 0, noTime
	}
	return time, taken
}
