// SPDX-License-Identifier: Apache-2.0

package sdk

import (
	"errors"
	"fmt"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// The tokens of events come back when their batch is dealt with.
func TestPushAcknowledges(t *testing.T) {
	var said []string
	ch := make(chan PushEvent, 8)
	for i, token := range []any{"a", nil, "b", "c", nil} {
		ch <- PushEvent{Data: []byte{byte(i)}, Time: 1, Token: token}
	}
	close(ch)
	s := Push(ch, StreamOptions{
		Ack:      func(tokens []any, err error) { said = append(said, fmt.Sprint(tokens, err)) },
		Progress: func() (float64, string) { return 1, "all" },
	})
	a, ok := s.(event.Acker)
	if _, both := s.(event.Progresser); !ok || !both || a.ReadAhead() != 16 {
		t.Fatalf("%T is no Acker and Progresser", s)
	}
	var tokens []any
	for range 3 {
		b := event.NewBatch(2, event.NewArena(nil, nil))
		_ = s.Next(t.Context(), b)
		tokens = append(tokens, b.Token)
	}
	if tokens[2] != nil {
		t.Errorf("a batch of an event without a token has the token %v", tokens[2])
	}
	a.Ack(tokens[0], nil)
	a.Ack(tokens[1], errors.New("bad"))
	a.Ack(tokens[2], nil)
	if want := "[[a] <nil> [b c] bad]"; fmt.Sprint(said) != want {
		t.Errorf("got %v, want %s", said, want)
	}
	if a := Push(nil, StreamOptions{Ack: func([]any, error) {}, ReadAhead: 3}).(event.Acker); a.ReadAhead() != 3 {
		t.Errorf("reads %d batches ahead, want 3", a.ReadAhead())
	}
	if _, ok := Push(nil, StreamOptions{}).(event.Acker); ok {
		t.Error("a stream that nobody asked for is an Acker")
	}
}
