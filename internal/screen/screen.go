// SPDX-License-Identifier: Apache-2.0

// Package screen draws a progress bar in the last line of a terminal, and formats numbers for
// display.
package screen

import (
	"io"
	"sync"
	"time"
)

// Screen is a terminal with a progress bar in its last line. Other output to the terminal
// erases the bar; the next tick draws it again. It is safe for concurrent use.
type Screen struct {
	mu    sync.Mutex
	tty   io.Writer  // terminal for the bar; nil for none
	width func() int // of tty; nil if unknown
	drawn bool
}

const eraseLine = "\r\x1b[K"

// New returns a screen that draws on w if w is a terminal, else nowhere.
func New(w io.Writer) *Screen {
	if !Terminal(w) {
		return &Screen{}
	}
	return &Screen{tty: w, width: func() int { return Width(w) }}
}

// Draws reports whether there is a terminal to draw on.
func (s *Screen) Draws() bool { return s.tty != nil }

// Above returns a writer to w that erases the bar before each write if w is a terminal, else
// w itself.
func (s *Screen) Above(w io.Writer) io.Writer {
	if !Terminal(w) {
		return w
	}
	return &above{s, w}
}

type above struct {
	s *Screen
	w io.Writer
}

func (a *above) Write(p []byte) (int, error) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.s.erase()
	return a.w.Write(p)
}

// Draw shows the text in place of the bar.
func (s *Screen) Draw(bar string) {
	if s.tty == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawn = true
	io.WriteString(s.tty, eraseLine+s.fitting(bar))
}

// Bar is a progress bar for a share from 0 to 1 that leaves room for other words on this
// screen.
func (s *Screen) Bar(share float64) string {
	width := barWidth
	if s.width != nil && s.width() > 0 {
		width = min(width, s.width()/4)
	}
	return bar(share, width)
}

// fitting cuts a bar off where the terminal ends: a second line would never be erased.
func (s *Screen) fitting(bar string) string {
	if s.width == nil {
		return bar
	}
	if r := []rune(bar); s.width() > 1 && len(r) >= s.width() {
		return string(r[:s.width()-1])
	}
	return bar
}

// Erase removes the bar.
func (s *Screen) Erase() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.erase()
}

func (s *Screen) erase() {
	if s.drawn {
		s.drawn = false
		io.WriteString(s.tty, eraseLine)
	}
}

const (
	often  = 100 * time.Millisecond
	seldom = time.Second
)

// patience is how long stop waits for a blocked terminal.
const patience = time.Second

// Watch draws the bar returned by text ten times per second, until stop is called. stop waits
// for the last call of text and removes the bar, unless the terminal is blocked. If text
// returns "", nothing is drawn and the next call comes after one second, so that an idle gyr
// uses no processor time.
func (s *Screen) Watch(text func() string) (stop func()) {
	if s.tty == nil {
		return func() {}
	}
	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer s.Erase()
		tick := time.NewTicker(often)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if bar := text(); bar != "" {
					s.Draw(bar)
					tick.Reset(often)
				} else {
					tick.Reset(seldom)
				}
			case <-end:
				return
			}
		}
	}()
	return func() {
		close(end)
		t := time.NewTimer(patience)
		defer t.Stop()
		select {
		case <-done:
		case <-t.C:
		}
	}
}
