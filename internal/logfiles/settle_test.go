// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// told is an input of files in memory, which notes what they are told.
type told struct {
	mu    sync.Mutex
	files []*memory
	pos   int
}

// memory is a file with a text. openErr and readErr are what goes wrong.
type memory struct {
	in               *told
	name, text       string
	openErr, readErr error
	settled          int
	unread, lost     error
}

func (f *memory) Name() string { return f.name }
func (f *memory) Size() int64  { return int64(len(f.text)) }

func (f *memory) Open(context.Context) (io.ReadCloser, error) {
	if f.openErr != nil {
		return nil, f.openErr
	}
	var r io.Reader = strings.NewReader(f.text)
	if f.readErr != nil {
		r = io.MultiReader(r, failing{f.readErr})
	}
	return io.NopCloser(r), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (f *memory) Settle(unread, undelivered error) {
	f.in.mu.Lock()
	defer f.in.mu.Unlock()
	f.settled++
	f.unread, f.lost = unread, undelivered
}

func (in *told) Next(context.Context) (File, error) {
	if in.pos == len(in.files) {
		return nil, io.EOF
	}
	in.pos++
	return in.files[in.pos-1], nil
}

func (in *told) Total() (int, int64) { return len(in.files), 0 }
func (in *told) Settles() bool       { return true }
func (in *told) Close() error        { return nil }

func (in *told) add(name, text string) *memory {
	f := &memory{in: in, name: name, text: text}
	in.files = append(in.files, f)
	return f
}

func (f *memory) check(t *testing.T, settled int, unread, lost error) {
	t.Helper()
	f.in.mu.Lock()
	defer f.in.mu.Unlock()
	if f.settled != settled || !errors.Is(f.unread, unread) || !errors.Is(f.lost, lost) {
		t.Errorf("%s: settled %d times, unread %v, undelivered %v; want %d, %v, %v", f.name, f.settled, f.unread, f.lost, settled, unread, lost)
	}
}

// A file is settled when its end was seen and all batches with events of it are
// acknowledged, not before, and once.
func TestSettle(t *testing.T) {
	errRead, errLost := errors.New("cut"), errors.New("not delivered")
	in := &told{}
	long := in.add("long", strings.Repeat("x\n", 25))
	empty := in.add("empty", "")
	missing := in.add("missing", "")
	missing.openErr = errRead
	cut := in.add("cut", "a\nb\n")
	cut.readErr = errRead
	damaged := in.add("damaged", "a\ndamage\nb\n")
	last := in.add("last", "y\n")
	s := Open(in, options()).(*ackedSource)
	var tokens []any
	b := event.NewBatch(10, event.NewArena(nil, nil))
	for end := false; !end; {
		if end = next(t, s, b); len(b.Events) > 0 {
			tokens = append(tokens, b.Token)
		}
		b.Release()
	}
	empty.check(t, 1, nil, nil)
	missing.check(t, 1, errRead, nil)
	if len(tokens) < 3 {
		t.Fatalf("got %d batches", len(tokens))
	}
	s.Ack(tokens[0], errLost)
	s.Ack(tokens[1], nil)
	long.check(t, 0, nil, nil)
	for _, f := range []*memory{cut, damaged, last} {
		f.check(t, 0, nil, nil)
	}
	for _, token := range tokens[2:] {
		s.Ack(token, nil)
	}
	long.check(t, 1, nil, errLost) // one of its batches was lost
	cut.check(t, 1, errRead, nil)
	damaged.check(t, 1, nil, nil)
	last.check(t, 1, nil, nil)
	s.Close()
	c := s.opts.Counts
	if c.Files.Load() != 6 || c.Unreadable.Load() != 2 || c.Damaged.Load() != 1 || c.Events.Load() != 29 {
		t.Errorf("got %d files, %d unreadable, %d damaged, %d events", c.Files.Load(), c.Unreadable.Load(), c.Damaged.Load(), c.Events.Load())
	}
}

// Whatever the sizes of files and batches, each file is settled once, in the end, and has
// the error of any of its batches.
func TestSettleRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 30 {
		in := &told{}
		for i := range 1 + r.IntN(20) {
			text := ""
			for j := range r.IntN(30) {
				text += fmt.Sprintf("%d %d\n", i, j)
			}
			in.add(fmt.Sprint(i), text)
		}
		s := Open(in, options()).(*ackedSource)
		lost := map[string]bool{}
		b := event.NewBatch(1+r.IntN(20), event.NewArena(nil, nil))
		for end := false; !end; {
			if end = next(t, s, b); b.Token != nil {
				var err error
				if r.IntN(4) == 0 {
					err = io.ErrClosedPipe
					for _, e := range b.Events {
						name, _, _ := strings.Cut(string(e.Data), " ")
						lost[name] = true
					}
				}
				s.Ack(b.Token, err)
			}
			b.Release()
		}
		for _, f := range in.files {
			want := error(nil)
			if lost[f.name] {
				want = io.ErrClosedPipe
			}
			f.check(t, 1, nil, want)
		}
		s.Close()
	}
}
