// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/event"
)

func TestIdentify(t *testing.T) {
	d := newDedup(time.Minute)
	ids := map[string]string{}
	for _, record := range []string{
		`{"eventID":"5f0c7a0e-0001-4e55-9a3c-7d7a0b6f1f01"}`, `{"eventID":"5f0c7a0e-0001-4e55-9a3c-7d7a0b6f1f02"}`,
		`{"a":{"eventID":"x"},"eventID":"5f0c7a0e-0001-4e55-9a3c-7d7a0b6f1f03"}`, `{"eventID":"x"}`, `{"eventID":"y"}`,
		`{"eventID":"5f0c7a0e-0001-4e55-9a3c-7d7a0b6f1f0-"}`, `{"eventID":"5f0c7a0e-0001-4e55-9a3c-7d7a0b6f1fzz"}`, `{"eventID":"` + strings.Repeat("-", 36) + `"}`,
	} {
		id, ok := d.Identify([]byte(record))
		if other := ids[string(id[:])]; !ok || other != "" {
			t.Errorf("%s: got %x, %v, which %s has too", record, id, ok, other)
		}
		ids[string(id[:])] = record
	}
	upper, _ := d.Identify([]byte(`{"eventID":"5F0C7A0E-0001-4E55-9A3C-7D7A0B6F1F01"}`))
	escaped, _ := d.Identify([]byte(`{"eventID":"5f0c7a0e-0001-4e55-9a3c-7d7a0b6f1f0\u0031"}`))
	if want := `{"eventID":"5f0c7a0e-0001-4e55-9a3c-7d7a0b6f1f01"}`; ids[string(upper[:])] != want || ids[string(escaped[:])] != want {
		t.Error("the same id in another form is another one")
	}
	for _, record := range []string{`{}`, `{"eventID":null}`, `{"eventID":7}`, `{"eventID":""}`, `{"x":{"eventID":"x"}}`} {
		if id, ok := d.Identify([]byte(record)); ok {
			t.Errorf("%s: got %x", record, id)
		}
	}
}

// With dedup a record that was delivered is not an event again, whatever file has it.
func TestReadWithDedup(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		writeLog(t, dir, fmt.Sprintf("%d.json", i), small(1), small(2), small(i+10))
	}
	p := New().(*plugin)
	if err := p.Init(`{"dedup":"10m"}`); err != nil {
		t.Fatal(err)
	}
	src, err := p.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s := &ackAll{src}
	got := readAll(t, s, 1)
	s.Close()
	if want := fmt.Sprint([]string{small(1), small(2), small(10), small(11), small(12)}); fmt.Sprint(got) != want {
		t.Errorf("got %q, want %s", got, want)
	}
	m := metricsOf(&stream{src, p})
	if want := "records_suppressed 4"; !strings.Contains(fmt.Sprint(m), want) {
		t.Errorf("got metrics %q, want %s", m, want)
	}
}

// ackAll acknowledges each batch as soon as it is read.
type ackAll struct{ event.Source }

func (s *ackAll) Next(ctx context.Context, b *event.Batch) error {
	err := s.Source.Next(ctx, b)
	if b.Token != nil {
		s.Source.(event.Acker).Ack(b.Token, nil)
	}
	return err
}
