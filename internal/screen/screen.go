// SPDX-License-Identifier: Apache-2.0

// Package screen is what gyr shows on a terminal besides its output: a progress bar in the
// last line, and numbers in a readable form.
package screen

import (
	"io"
	"os"
	"sync"
	"time"
)

// Screen is a terminal with a progress bar in its last line. Other output to the terminal
// erases the bar; the next tick draws it again. Its methods may be called from any goroutine.
type Screen struct {
	mu    sync.Mutex
	tty   io.Writer // where the bar goes; nil draws none
	drawn bool
}

const eraseLine = "\r\x1b[K"

// New returns a screen that draws on w if that is a terminal, and nowhere otherwise.
func New(w io.Writer) *Screen {
	if !Terminal(w) {
		w = nil
	}
	return &Screen{tty: w}
}

// Draws reports whether there is a terminal to draw on.
func (s *Screen) Draws() bool { return s.tty != nil }

// Above returns a writer for w that erases the bar before it writes, if w is a terminal;
// otherwise it returns w.
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

// Draw shows the text as the bar.
func (s *Screen) Draw(bar string) {
	if s.tty == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawn = true
	io.WriteString(s.tty, eraseLine+bar)
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

// Watch draws the bar that text returns ten times a second until stop is called, which
// waits for the last call of text and removes the bar. Where text returns "" nothing is
// drawn, and the next call comes a second later: an idle gyr must not use the processor.
func (s *Screen) Watch(text func() string) (stop func()) {
	if s.tty == nil {
		return func() {}
	}
	end := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
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
	})
	return func() {
		close(end)
		wg.Wait()
		s.Erase()
	}
}

// Terminal reports whether w is a terminal: a character device, but not the null device,
// whatever name it was opened by.
func Terminal(w io.Writer) bool {
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
