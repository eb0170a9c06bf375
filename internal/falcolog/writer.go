// SPDX-License-Identifier: Apache-2.0

package falcolog

import (
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// patience is how long a logger waits for its line to be written. A stream that nobody
// reads must not stop whoever logs, least of all when gyr is to end.
const patience = time.Second

// maxWaiting is how many lines wait for a stream that is blocked.
const maxWaiting = 1024

// logOutput is where the lines of several handlers go. They are written by a goroutine that
// runs while there are any.
type logOutput struct {
	w      io.Writer // nil writes nowhere
	syslog func(slog.Level, string)
	iso    bool
	paint  func(slog.Level, string) string // nil leaves messages as they are
	now    func() time.Time

	mu      sync.Mutex
	waiting []line
	lost    int           // lines that found no room
	written chan struct{} // closed when the lines that wait are written
	writing bool
	blocked bool // the last line took longer than patience
}

type line struct {
	level slog.Level
	text  string
	at    time.Time
}

// write has a line written, and waits for that unless the stream is blocked.
func (o *logOutput) write(level slog.Level, text string) error {
	o.mu.Lock()
	if len(o.waiting) == maxWaiting {
		o.lost++
		o.mu.Unlock()
		return nil
	}
	if o.written == nil {
		o.written = make(chan struct{})
	}
	o.waiting = append(o.waiting, line{level, text, o.now()})
	if !o.writing {
		o.writing = true
		go o.drain()
	}
	written, blocked := o.written, o.blocked
	o.mu.Unlock()
	if blocked {
		return nil
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-written:
	case <-t.C:
		o.mu.Lock()
		o.blocked = o.writing
		o.mu.Unlock()
	}
	return nil
}

// drain writes the lines that wait until there are none.
func (o *logOutput) drain() {
	for {
		o.mu.Lock()
		lines, lost, written := o.waiting, o.lost, o.written
		o.waiting, o.lost, o.written = nil, 0, nil
		if lines == nil {
			o.writing, o.blocked = false, false
			o.mu.Unlock()
			return
		}
		o.mu.Unlock()
		for _, l := range lines {
			o.put(l)
		}
		if lost > 0 {
			o.put(line{slog.LevelWarn, fmt.Sprintf("%d lines of the log are lost: nobody read them", lost), o.now()})
		}
		close(written)
	}
}

func (o *logOutput) put(l line) {
	if o.syslog != nil {
		o.syslog(l.level, l.text)
	}
	if o.w == nil {
		return
	}
	stamp := l.at.Format("Mon Jan 02 15:04:05 2006")
	if o.iso {
		stamp = l.at.UTC().Format("2006-01-02T15:04:05-0700")
	}
	if o.paint != nil {
		l.text = o.paint(l.level, l.text)
	}
	fmt.Fprintf(o.w, "%s: %s\n", stamp, l.text)
}
