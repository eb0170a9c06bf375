// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

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
// not become events. level says whether they are what CloudTrail writes all the time.
var about = [reasons]struct {
	metric, text string
	level        slog.Level
}{
	taken:    {metric: "records_read"},
	noType:   {"records_skipped_no_type", "records without eventType are skipped", slog.LevelWarn},
	noTime:   {"records_skipped_no_time", "records without an eventTime that can be read are skipped", slog.LevelWarn},
	insight:  {"records_skipped_insight", "records of CloudTrail Insights are skipped", slog.LevelInfo},
	notJSON:  {"records_skipped_not_json", "records that are no JSON are skipped", slog.LevelWarn},
	noRecord: {"records_skipped_no_record", "values that are no records are skipped", slog.LevelWarn},
	tooLarge: {"records_dropped_too_large", fmt.Sprintf("records of more than %d KiB are dropped", MaxRecord>>10), slog.LevelWarn},
}

// counters say what became of files and records. Any goroutine may use them.
type counters struct {
	files, damaged, digests atomic.Uint64
	by                      [reasons]counter
}

// counter counts records, and knows the first file that had one.
type counter struct {
	n    atomic.Uint64
	file atomic.Pointer[string]
}

func (c *counter) add(n int, file string) {
	if n > 0 {
		c.file.CompareAndSwap(nil, &file)
		c.n.Add(uint64(n))
	}
}

// report logs one line for each reason for which records did not become events, and one for
// digests.
func (c *counters) report(log *slog.Logger) {
	if n := c.digests.Load(); n > 0 {
		log.Info("digest files have no records and are passed over", "files", n)
	}
	for r := taken + 1; r < reasons; r++ {
		if n := c.by[r].n.Load(); n > 0 {
			log.Log(context.Background(), about[r].level, about[r].text, "records", n, "first_in", *c.by[r].file.Load())
		}
	}
}

// metrics returns the counters; all of them only grow.
func (c *counters) metrics() []sdk.Metric {
	list := []sdk.Metric{
		sdk.Counter("files_read", c.files.Load()),
		sdk.Counter("files_damaged", c.damaged.Load()),
		sdk.Counter("files_digest", c.digests.Load()),
	}
	for r := range about {
		list = append(list, sdk.Counter(about[r].metric, c.by[r].n.Load()))
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
