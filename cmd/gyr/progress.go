// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gyr-dev/gyr/pipeline"
)

// screen is a terminal with a progress bar in its last line. What else is written there
// takes the bar away; it comes back with the next tick.
type screen struct {
	mu    sync.Mutex
	tty   io.Writer // where the bar goes; nil draws none
	drawn bool
}

const eraseLine = "\r\x1b[K"

// above returns a writer for w that keeps clear of the bar if w is a terminal.
func (s *screen) above(w io.Writer) io.Writer {
	if !terminal(w) {
		return w
	}
	return &above{s, w}
}

type above struct {
	s *screen
	w io.Writer
}

func (a *above) Write(p []byte) (int, error) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.s.erase()
	return a.w.Write(p)
}

func (s *screen) erase() {
	if s.drawn {
		s.drawn = false
		io.WriteString(s.tty, eraseLine)
	}
}

func (s *screen) draw(bar string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawn = true
	io.WriteString(s.tty, eraseLine+bar)
}

// showProgress draws a bar while events are read, if the standard error is a terminal and
// a source knows how far it is. stop takes the bar away.
func (a *app) showProgress() (stop func()) {
	if a.screen.tty == nil {
		return func() {}
	}
	end := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		const often, seldom = 100 * time.Millisecond, time.Second
		tick := time.NewTicker(often)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if at := a.pipeline.Progress(); at != nil {
					a.screen.draw(progressBar(at, a.pipeline.Stats()))
					tick.Reset(often)
				} else {
					tick.Reset(seldom) // an idle gyr is to be idle
				}
			case <-end:
				return
			}
		}
	})
	return func() {
		close(end)
		wg.Wait()
		a.screen.mu.Lock()
		defer a.screen.mu.Unlock()
		a.screen.erase()
	}
}

// progressBar is the bar as text, without a newline.
func progressBar(at *pipeline.Progress, s pipeline.Stats) string {
	const width = 30
	full := int(min(max(at.Share, 0), 1) * width)
	return fmt.Sprintf("[%s%s] %3.0f %%  %s  %s, %s",
		strings.Repeat("#", full), strings.Repeat(".", width-full), 100*at.Share, at.Text, plural(s.Events, "event"), plural(s.Alerts, "alert"))
}

// terminal reports whether w is a terminal: a character device, but not the one that swallows
// everything, whatever the name it was opened by.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
