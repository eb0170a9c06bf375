// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// ledger is an event source that wants acknowledgements. It opens "FOLDER N": its events are
// the numbers from 1 to N. The file acked has the last number that is acknowledged, from
// which it goes on when it is opened again; the file given has all that it gave.
type ledger struct{}

func (ledger) Info() sdk.Info {
	return sdk.Info{Name: "ledger", Version: "1.0.0", ID: 997, EventSource: "ledger"}
}

func (ledger) Open(params string) (event.Source, error) {
	dir, n, _ := strings.Cut(params, " ")
	s := &ledgerStream{acked: filepath.Join(dir, "acked")}
	var err error
	if s.last, err = strconv.Atoi(n); err != nil {
		return nil, err
	}
	if text, err := os.ReadFile(s.acked); err == nil {
		s.next, _ = strconv.Atoi(string(text))
	}
	s.given, err = os.OpenFile(filepath.Join(dir, "given"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return s, err
}

type ledgerStream struct {
	acked      string
	given      *os.File
	next, last int

	mu     sync.Mutex
	failed bool
}

func (s *ledgerStream) Next(_ context.Context, b *event.Batch) error {
	if s.next == s.last {
		return io.EOF
	}
	var text strings.Builder
	for range 100 {
		if s.next == s.last {
			break
		}
		s.next++
		b.Add(997, 1, fmt.Append(nil, s.next))
		fmt.Fprintln(&text, s.next)
	}
	b.Token = s.next
	_, err := s.given.WriteString(text.String())
	return err
}

// Ack implements [event.Acker]. Behind a failure nothing is acknowledged any more.
func (s *ledgerStream) Ack(token any, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed = s.failed || err != nil; s.failed {
		return
	}
	if err := os.WriteFile(s.acked+".new", fmt.Append(nil, token), 0o600); err == nil {
		err = os.Rename(s.acked+".new", s.acked)
		s.failed = err != nil
	}
}

func (s *ledgerStream) ReadAhead() int { return 4 }

func (s *ledgerStream) Close() error { return s.given.Close() }
