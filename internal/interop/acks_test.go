// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package interop

import (
	"errors"
	"io"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// A source in a library learns what became of its events, batch by batch, and not before
// that: reading on acknowledges nothing.
func TestAcknowledgements(t *testing.T) {
	src, err := start(t, kitchen(t), "").Open("300")
	if err != nil {
		t.Fatal(err)
	}
	acker, ok := src.(event.Acker)
	if !ok || acker.ReadAhead() != 1 {
		t.Fatalf("the stream is no Acker that reads one batch ahead: %T", src)
	}
	said := func(want string) {
		t.Helper()
		if _, text := src.(event.Progresser).Progress(); text != want {
			t.Errorf("the source says %q, want %q", text, want)
		}
	}
	var tokens []any
	next := func(most, want int, wantErr error) {
		t.Helper()
		b := event.NewBatch(most, event.NewArena(nil, nil))
		if err := src.Next(t.Context(), b); err != wantErr || len(b.Events) != want { //nolint:errorlint // io.EOF as it is
			t.Errorf("got %d events, %v; want %d, %v", len(b.Events), err, want, wantErr)
		}
		if len(b.Events) > 0 && b.Token == nil {
			t.Error("a batch without a token")
		}
		tokens = append(tokens, b.Token)
	}
	next(500, 128, nil) // the library's batch, although there is room for more
	next(100, 100, nil) // a part of its second one
	next(100, 28, nil)  // the rest of that
	next(500, 44, nil)
	said("300 read, 0 acknowledged")
	acker.Ack(tokens[0], nil)
	said("300 read, 128 acknowledged")
	acker.Ack(tokens[1], errors.New("sink is full"))
	said("300 read, 128 acknowledged")
	acker.Ack(tokens[2], nil)
	said("300 read, 256 acknowledged, failed: sink is full")
	next(500, 0, io.EOF)
	said("300 read, 256 acknowledged, failed: sink is full")
	acker.Ack(tokens[3], nil)
	said("300 read, 300 acknowledged, failed: sink is full")
	if err := src.Close(); err != nil {
		t.Error(err)
	}
	acker.Ack(tokens[3], nil) // too late, and harmless
}
