// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/internal/durable"
)

// positions know which objects of which prefixes are dealt with. A nil one knows of none and
// keeps nothing. Any goroutine may use it.
//
// Behind a prefix of CloudTrail keys are in the order of time, but not quite: their names
// end at random, and some come late. So a prefix has a position, and listings begin a
// look-back before it, or once a day two days before it; of what lies behind that beginning
// the keys that are dealt with are known.
type positions struct {
	path     string // "" keeps nothing
	bucket   string // s3://bucket/, before the prefixes in the file
	lock     *durable.Lock
	lookBack time.Duration
	counts   *Counts
	log      *slog.Logger

	mu      sync.Mutex
	prefix  map[string]*position
	others  map[string]statePrefix // of other buckets, in the file
	changed chan struct{}          // there is something to write
	stop    chan struct{}
	wg      sync.WaitGroup // of the goroutine that writes
}

// position is what is known of a prefix. Keys are without it.
type position struct {
	// key is the newest key before which all are dealt with.
	key string
	// done are the keys that are dealt with, those behind what listings reach left out.
	done map[string]bool
	// open are the keys that are not: such that are read, and such that failed. The
	// position does not pass them.
	open map[string]*attempt
}

// attempt is what happened to an object so far.
type attempt struct {
	reading bool
	tries   int // that failed
	err     string
	next    time.Time // when it may be read again
}

// wideLook is how far back the listing goes that is made once a day, in whole days.
const wideLook = 48 * time.Hour

func (p *positions) at(prefix string) *position {
	if p.prefix[prefix] == nil {
		p.prefix[prefix] = &position{done: map[string]bool{}, open: map[string]*attempt{}}
	}
	return p.prefix[prefix]
}

// startAfter returns the key after which a listing begins; "" lists all. first is the time
// from which on objects are wanted at all, and counts where nothing is known yet.
func (p *positions) startAfter(prefix string, wide bool, first time.Time) string {
	from := first
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if at := p.at(prefix); at.key != "" {
			from = p.reach(at, wide)
		}
	}
	if from.IsZero() || !dated(prefix) {
		return ""
	}
	return prefix + from.Format(dayForm) + "/"
}

// reach returns the time from which on a listing has to be made.
func (p *positions) reach(at *position, wide bool) time.Time {
	newest := timeOf(at.key)
	if newest.IsZero() {
		return newest
	}
	from := newest.Add(-p.lookBack)
	if wide {
		from = earlier(from, newest.Truncate(24*time.Hour).Add(-wideLook))
	}
	for key := range at.open {
		if t := timeOf(key); !t.IsZero() {
			from = earlier(from, t)
		}
	}
	return from
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// known reports whether the prefix has a position, which then counts instead of the
// beginning of the wanted interval.
func (p *positions) known(prefix string) bool {
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at(prefix).key != ""
}

// take reports whether an object that was listed is to be read now.
func (p *positions) take(prefix, key string, now time.Time) bool {
	if p == nil {
		return true
	}
	key = strings.TrimPrefix(key, prefix)
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.at(prefix)
	if at.done[key] {
		return false
	}
	if a := at.open[key]; a != nil {
		if a.reading || now.Before(a.next) {
			return false
		}
		p.counts.Retried.Add(1)
		a.reading = true
		return true
	}
	if t, newest := timeOf(key), timeOf(at.key); !t.IsZero() && t.Before(newest.Add(-p.lookBack)) {
		p.counts.Late.Add(1)
		p.log.Warn("object came later than the look-back, it is read now", "key", prefix+key, "position", at.key)
	}
	at.open[key] = &attempt{reading: true}
	return true
}

// settle notes what became of an object.
func (p *positions) settle(prefix, key string, unread, undelivered error, now time.Time) {
	key = strings.TrimPrefix(key, prefix)
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.at(prefix)
	a := at.open[key]
	switch {
	case a == nil:
		return
	case unread != nil:
		a.tries++
		a.err = unread.Error()
		a.next = now.Add(min(time.Minute<<min(a.tries-1, 10), time.Hour))
		a.reading = false
	case undelivered != nil:
		a.reading = false
		a.next = time.Time{}
	default:
		delete(at.open, key)
		at.done[key] = true
	}
	p.change()
}

// change has the state written.
func (p *positions) change() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// advance moves a position to the newest key before which nothing is open, and forgets keys
// that no listing reaches any more.
func (p *positions) advance(prefix string, at *position) {
	first := ""
	for key := range at.open {
		if first == "" || key < first {
			first = key
		}
	}
	for key := range at.done {
		if key > at.key && (first == "" || key < first) {
			at.key = key
		}
	}
	from := p.reach(at, true)
	if from.IsZero() || !dated(prefix) {
		return
	}
	day := from.Format(dayForm)
	for key := range at.done {
		if key < day {
			delete(at.done, key)
		}
	}
}
