// SPDX-License-Identifier: Apache-2.0

package httpjson

import (
	"strconv"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/internal/listen"
)

// slots are where a scan puts what is looked for in a document.
type slots struct{ self, time, kind, challenge int }

// newSet finds a document itself, the time at a pointer, and the challenge of Slack.
func newSet(pointer string) (*jsonscan.Set, slots) {
	var b jsonscan.Builder
	s := slots{self: b.Add(nil), kind: b.Add(jsonscan.Keys("type")), challenge: b.Add(jsonscan.Keys("challenge")), time: -1}
	if pointer != "" {
		s.time = b.Add(jsonscan.Pointer(pointer))
	}
	return b.Build(), s
}

// split returns the events of a post: a JSON value, an array of them, or several one behind
// the other. It answers posts that have none.
func (p *plugin) split(t *target, post *listen.Post) []listen.Item {
	if post.Header.Get("X-GitHub-Event") == "ping" {
		post.Reply("text/plain", "pong")
		return nil
	}
	var items []listen.Item
	var doc, elem jsonscan.Result
	for i := jsonscan.SkipSpace(post.Body, 0); i < len(post.Body); i = jsonscan.SkipSpace(post.Body, i) {
		end, ok := t.set.ScanValue(post.Body, i, &doc)
		if !ok {
			p.skip(post.From, len(post.Body))
			post.Refuse("body is not JSON")
			return nil
		}
		if doc.Is(doc.At(t.slots.kind), "url_verification") && len(items) == 0 {
			post.Reply("text/plain", doc.Text(doc.At(t.slots.challenge), event.NewArena(nil, nil)))
			return nil
		}
		if self := doc.At(t.slots.self); self.Kind != jsonscan.Array {
			items = p.append(items, t, &doc, post.Body[i:end:end], post.From)
		} else {
			elems := doc.Elems(self)
			for raw, ok := elems.Next(); ok; raw, ok = elems.Next() {
				if t.set.Scan(raw, &elem) == nil {
					items = p.append(items, t, &elem, raw, post.From)
				}
			}
		}
		i = end
	}
	if len(items) == 0 {
		post.Done(nil)
	}
	return items
}

// append adds an event, unless it is too large.
func (p *plugin) append(items []listen.Item, t *target, r *jsonscan.Result, raw []byte, from string) []listen.Item {
	if len(raw) > p.config.MaxEventSize {
		if n := p.counts.dropped.Add(1); n&(n-1) == 0 {
			p.log.Warn("event larger than maxEventSize dropped", "from", from, "bytes", len(raw), "so_far", n)
		}
		return items
	}
	return append(items, listen.Item{Data: raw, Time: t.time(r)})
}

// skip counts text that is no JSON. The log gets the first and every doubling.
func (p *plugin) skip(from string, size int) {
	if n := p.counts.skipped.Add(1); n&(n-1) == 0 {
		p.log.Warn("text that is no JSON skipped", "from", from, "bytes", size, "so_far", n)
	}
}

// time is the time of an event, [abi.NoTime] if it has none.
func (t *target) time(r *jsonscan.Result) uint64 {
	if t.slots.time < 0 {
		return abi.NoTime
	}
	span := r.At(t.slots.time)
	raw := string(r.Raw(span))
	switch span.Kind {
	case jsonscan.String:
		raw = raw[1 : len(raw)-1]
		if at, err := time.Parse(time.RFC3339Nano, raw); err == nil && at.UTC().Year() >= 1970 && at.UTC().Year() < 2262 {
			return uint64(at.UnixNano())
		}
	case jsonscan.Number:
	default:
		return abi.NoTime
	}
	n, err := strconv.ParseFloat(raw, 64)
	switch {
	case err != nil || n <= 0:
		return abi.NoTime
	case n >= 1e11: // in seconds this would be the year 5138
		n /= 1e3
	}
	if n >= 1<<63/1e9 {
		return abi.NoTime
	}
	sec := uint64(n)
	return sec*1e9 + uint64((n-float64(sec))*1e9)
}
