// SPDX-License-Identifier: Apache-2.0

package output

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/alert"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// gate is a destination that can be held up, and that fails as it is told.
type gate struct {
	mu       sync.Mutex
	got      []string
	calls    []time.Time   // when Write was called
	most     int           // alerts that a Write takes; 0 for all
	hold     chan struct{} // Write waits for it to close, if not nil, whatever ctx says
	wait     time.Duration // that a Write takes, unless ctx is done
	fail     func(attempt int, next string) error
	reopened int
	closed   bool
}

func (g *gate) Name() string { return "gate" }

func (g *gate) Write(ctx context.Context, alerts []alert.Alert) (int, error) {
	g.mu.Lock()
	g.calls = append(g.calls, time.Now())
	attempt, fail, wait := len(g.calls), g.fail, g.wait
	g.mu.Unlock()
	if g.hold != nil {
		<-g.hold
	}
	if wait > 0 {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	if fail != nil {
		if err := fail(attempt, string(alerts[0].Line)); err != nil {
			return 0, err
		}
	}
	if g.most > 0 {
		alerts = alerts[:min(g.most, len(alerts))]
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range alerts {
		g.got = append(g.got, string(a.Line))
	}
	return len(alerts), nil
}

// take has a Write take so long from now on.
func (g *gate) take(wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wait = wait
}

func (g *gate) Reopen() error { g.reopened++; return nil }

func (g *gate) Close() error { g.closed = true; return nil }

func batch(lines ...string) []alert.Alert {
	var out []alert.Alert
	for _, l := range lines {
		out = append(out, alert.Alert{Line: []byte(l)})
	}
	return out
}

// safeBuffer is a buffer that many goroutines may write to.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func logTo(b *safeBuffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// dones counts calls of done.
type dones struct {
	mu   sync.Mutex
	ok   int
	errs []error
}

func (d *dones) one(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.ok++
	} else {
		d.errs = append(d.errs, err)
	}
}

// nothing is a done that nobody waits for.
func nothing(error) {}
