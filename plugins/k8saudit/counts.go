// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/sdk"
)

// reason says why something does not become an event.
type reason uint8

const (
	notJSON  reason = iota // it is no JSON
	notEvent               // it is neither an Event nor an EventList
	noTime                 // its stageTimestamp is missing or cannot be read
	tooLarge               // it has more than maxEventSize bytes

	reasons // their number
)

// about has the name of the metric of a reason and what people read.
var about = [reasons]struct{ metric, text string }{
	notJSON:  {"skipped_not_json", "text that is no JSON skipped"},
	notEvent: {"skipped_not_event", "JSON that is no Kubernetes audit event skipped"},
	noTime:   {"skipped_no_time", "event without a readable stageTimestamp skipped"},
	tooLarge: {"dropped_too_large", "event larger than maxEventSize dropped"},
}

// counters count events. Any goroutine may use them.
type counters struct {
	events  atomic.Uint64
	damaged atomic.Uint64 // files
	skipped [reasons]atomic.Uint64
	last    atomic.Int64 // time of the last event, in nanoseconds
	web     atomic.Pointer[webhook]
}

// skip counts what does not become an event. The log gets the first and every doubling.
func (c *counters) skip(r reason, from string, size int, log *slog.Logger) {
	if n := c.skipped[r].Add(1); n&(n-1) == 0 {
		log.Warn(about[r].text, "from", from, "bytes", size, "so_far", n)
	}
}

func (c *counters) took(n int, last uint64) {
	c.events.Add(uint64(n))
	c.last.Store(int64(last))
}

func (c *counters) metrics() []sdk.Metric {
	list := []sdk.Metric{sdk.Counter("events", c.events.Load()), sdk.Counter("files_damaged", c.damaged.Load())}
	for r := range reasons {
		list = append(list, sdk.Counter(about[r].metric, c.skipped[r].Load()))
	}
	if last := c.last.Load(); last > 0 {
		list = append(list, sdk.Gauge("lag_seconds", time.Since(time.Unix(0, last)).Seconds()))
	}
	if w := c.web.Load(); w != nil {
		n := w.Counts()
		list = append(list,
			sdk.Counter("posts_received", n.Received), sdk.Counter("posts_refused", n.Refused),
			sdk.Counter("posts_answered", n.Answered), sdk.Gauge("pending_bytes", n.Pending))
	}
	return list
}
