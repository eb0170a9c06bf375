// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"bytes"
	"log/slog"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/internal/listen"
)

// splitter finds the events in documents: an Event, an EventList, an array of these, any
// number of them one behind the other.
type splitter struct {
	from   string // for the log
	max    int    // bytes of an event
	counts *counters
	log    *slog.Logger

	items           []listen.Item // views of the text
	doc, elem, part jsonscan.Result
}

// documents finds what a document is; the set wants the document itself too, see
// [jsonscan.Set.ScanValue].
var documents, docSelf, docKind, docItems, docTime = func() (s *jsonscan.Set, self, kind, items, stamp int) {
	var b jsonscan.Builder
	self, kind, items, stamp = b.Add(nil), b.Add(at("kind")), b.Add(at("items")), b.Add(at("stageTimestamp"))
	return b.Build(), self, kind, items, stamp
}()

// split adds the events of text to items, and returns the position behind the last whole
// document. It is before the end of the text if what follows is no JSON (ok is false) or may
// be the beginning of a document.
func (s *splitter) split(text []byte) (end int, ok bool) {
	for {
		if end = jsonscan.SkipSpace(text, end); end == len(text) {
			return end, true
		}
		stop, ok := documents.ScanValue(text, end, &s.doc)
		if !ok {
			return end, stop == len(text)
		}
		s.document(&s.doc, text[end:stop])
		end = stop
	}
}

// document adds the events of a document.
func (s *splitter) document(r *jsonscan.Result, raw []byte) {
	if self := r.At(docSelf); self.Kind == jsonscan.Array {
		elems := r.Elems(self)
		for raw, ok := elems.Next(); ok; raw, ok = elems.Next() {
			if documents.Scan(raw, &s.elem) == nil {
				s.object(&s.elem, raw)
			}
		}
		return
	}
	s.object(r, raw)
}

// object adds an Event, or the items of an EventList.
func (s *splitter) object(r *jsonscan.Result, raw []byte) {
	switch kind := r.At(docKind); {
	case r.At(docSelf).Kind != jsonscan.Object:
		s.skip(notEvent, raw)
	case r.Is(kind, "Event"):
		s.event(r, raw)
	case r.Is(kind, "EventList"):
		elems := r.Elems(r.At(docItems))
		for raw, ok := elems.Next(); ok; raw, ok = elems.Next() {
			if documents.Scan(raw, &s.part) == nil {
				s.event(&s.part, raw)
			}
		}
	default:
		s.skip(notEvent, raw)
	}
}

func (s *splitter) event(r *jsonscan.Result, raw []byte) {
	at, ok := timeOf(r)
	switch {
	case r.At(docSelf).Kind != jsonscan.Object:
		s.skip(notEvent, raw)
	case len(raw) > s.max:
		s.skip(tooLarge, raw)
	case !ok:
		s.skip(noTime, raw)
	default:
		s.items = append(s.items, listen.Item{Data: raw, Time: at})
	}
}

func (s *splitter) skip(r reason, raw []byte) { s.counts.skip(r, s.from, len(raw), s.log) }

// timeOf returns the stageTimestamp in nanoseconds since the epoch.
func timeOf(r *jsonscan.Result) (ns uint64, ok bool) {
	span := r.At(docTime)
	if span.Kind != jsonscan.String {
		return 0, false
	}
	raw := r.Raw(span)
	t, err := time.Parse(time.RFC3339Nano, event.String(raw[1:len(raw)-1]))
	if err != nil || t.UTC().Year() < 1970 || t.UTC().Year() > 2261 {
		return 0, false
	}
	return uint64(t.UnixNano()), true
}

// compact returns an event as the API server writes it, without white space. Most have none.
func compact(raw []byte, mem *event.Arena) []byte {
	if len(raw) > 1 && raw[1] == ' ' || bytes.IndexByte(raw, '\n') >= 0 || bytes.Contains(raw, spaceBehind) || bytes.Contains(raw, spaceBefore) || bytes.Contains(raw, spaceBetween) {
		return jsonscan.Compact(raw, mem)
	}
	return raw
}

// Where white space is, in a document that has any. It may also be part of a string.
var spaceBehind, spaceBefore, spaceBetween = []byte(`": `), []byte(`" :`), []byte(`, "`)
