// SPDX-License-Identifier: Apache-2.0

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/engine"
	"github.com/gyr-dev/gyr/event"
)

// story is what happens to the batches of a source.
type story struct {
	Batches []plot
	Ahead   int
	Workers int
	Acts    []act
}

// plot is what is special about a batch.
type plot struct {
	Token, Alerts, Fails bool
}

// act is something that happens: the source may fill a batch, the sink is done with the
// alerts of a batch that is under way (the Pick'th), a stop is asked for, time passes.
type act struct {
	Kind actKind
	Pick int
	Lost bool // the sink does not know what became of the alerts
	Slow bool // acknowledgements block from now on until they are let go, or no longer
}

type actKind int

const (
	actRead actKind = iota
	actDone
	actAck
	actStop
	actWait
	actKinds
)

func stories() *rapid.Generator[story] {
	return rapid.Custom(func(t *rapid.T) story {
		flag := func(name string, of int) bool { return rapid.IntRange(1, of).Draw(t, name) == 1 }
		s := story{Ahead: rapid.IntRange(-1, 4).Draw(t, "ahead"), Workers: rapid.IntRange(1, 3).Draw(t, "workers")}
		for range rapid.IntRange(1, 12).Draw(t, "batches") {
			s.Batches = append(s.Batches, plot{!flag("no token", 6), !flag("no alerts", 3), flag("fails", 12)})
		}
		for range rapid.IntRange(0, 40).Draw(t, "acts") {
			a := act{Kind: actKind(rapid.IntRange(0, int(actWait)).Draw(t, "act")), Pick: rapid.IntRange(0, 9).Draw(t, "pick"), Lost: flag("lost", 4), Slow: flag("slow", 2)}
			if a.Kind == actStop && !flag("stop", 8) {
				a.Kind = actRead
			}
			s.Acts = append(s.Acts, a)
		}
		return s
	})
}

// model plays a story on a pipeline, as its source, its sink and its rules, and notes what
// is wrong. The pipeline closes the source, not the sink.
type model struct {
	story
	mu     sync.Mutex
	wrong  []string
	read   int                 // batches
	allow  chan struct{}       // a batch may be read
	done   map[int]func(error) // by batch: its alerts are under way
	sunk   map[int]error       // what the sink said
	acks   []int               // batches that were acknowledged
	slow   bool
	letGo  chan struct{}
	inAck  bool
	closed bool
	stop   bool
	failed bool
}

func (m *model) complain(format string, args ...any) {
	m.wrong = append(m.wrong, fmt.Sprintf(format, args...))
}

// Next implements event.Source: a batch has one event, whose payload is the batch's number.
func (m *model) Next(ctx context.Context, b *event.Batch) error {
	select {
	case <-m.allow:
	case <-ctx.Done():
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.read == len(m.Batches) {
		return io.EOF
	}
	open := -len(m.acks)
	for _, p := range m.Batches[:m.read] {
		if p.Token {
			open++
		}
	}
	if open > max(m.Ahead, 0) {
		m.complain("batch %d is read while %d are not acknowledged", m.read, open)
	}
	text := fmt.Sprintf("batch %d", m.read)
	if !m.Batches[m.read].Alerts {
		text = "nothing"
	}
	b.Add(3, uint64(m.read), []byte(text))
	if m.Batches[m.read].Token {
		b.Token = m.read
	}
	m.read++
	return nil
}

func (m *model) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	if m.inAck {
		m.complain("closed during an acknowledgement")
	}
	return nil
}

func (m *model) ReadAhead() int { return m.Ahead }

// Ack implements event.Acker.
func (m *model) Ack(token any, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.inAck || m.closed {
		m.complain("batch %v is acknowledged during another acknowledgement (%v) or after the end (%v)", token, m.inAck, m.closed)
	}
	m.inAck = true
	if m.slow {
		m.mu.Unlock()
		<-m.letGo
		m.mu.Lock()
	}
	m.inAck = false
	m.judge(token.(int), err)
	m.acks = append(m.acks, token.(int))
}

// judge says whether a batch may be acknowledged in this way.
func (m *model) judge(batch int, err error) {
	if n := len(m.acks); n > 0 && m.acks[n-1] >= batch {
		m.complain("batch %d is acknowledged behind batch %d", batch, m.acks[n-1])
	}
	for i := range batch {
		if m.Batches[i].Token && !slices.Contains(m.acks, i) {
			m.complain("batch %d is acknowledged before batch %d", batch, i)
		}
	}
	p := m.Batches[batch]
	said, sunk := m.sunk[batch]
	switch {
	case err == nil && (p.Fails || p.Alerts && (!sunk || said != nil)):
		m.complain("batch %d is acknowledged, but %+v, sink done %v with %v", batch, p, sunk, said)
	case errors.Is(err, errUndelivered) && !m.stop && !m.failed,
		errors.Is(err, errLost) && said == nil,
		errors.Is(err, errFails) && !slices.ContainsFunc(m.Batches[:batch+1], func(p plot) bool { return p.Fails }):
		m.complain("batch %d is given back with %v without a reason", batch, err)
	}
}

var errLost, errFails = errors.New("lost"), errors.New("fails")

// Write implements alert.Sink.
func (m *model) Write(alerts []alert.Alert, done func(error)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done[int(alerts[0].Time)] = done
}

// evaluate implements Config.Evaluate.
func (m *model) evaluate(w *engine.Worker, b *event.Batch, h engine.Handler) error {
	if batch := int(b.Events[0].Time); m.Batches[batch].Fails {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.failed = true
		return errFails
	}
	return w.Run(b, h)
}

// sink is done with a batch.
func (m *model) sink(pick int, lost bool) {
	m.mu.Lock()
	var under []int
	for batch := range m.done {
		under = append(under, batch)
	}
	if len(under) == 0 {
		m.mu.Unlock()
		return
	}
	slices.Sort(under)
	batch := under[pick%len(under)]
	done := m.done[batch]
	delete(m.done, batch)
	var err error
	if lost {
		err = errLost
	}
	if !m.closed { // else it comes too late
		m.sunk[batch] = err
	}
	m.mu.Unlock()
	done(err)
}

func (m *model) act(a act, cancel func()) {
	switch a.Kind {
	case actRead:
		select {
		case m.allow <- struct{}{}:
		default: // the reader does not ask for a batch
		}
	case actDone:
		m.sink(a.Pick, a.Lost)
	case actAck:
		m.mu.Lock()
		m.slow = a.Slow
		m.mu.Unlock()
		select {
		case m.letGo <- struct{}{}:
		default:
		}
	case actStop:
		m.mu.Lock()
		m.stop = true
		m.mu.Unlock()
		cancel()
	case actWait:
		time.Sleep(time.Duration(a.Pick) * 100 * time.Millisecond)
	}
}

// play runs the story to its end and returns what was wrong.
func (m *model) play(t *testing.T, g *Generation) []string {
	p := New(Config{
		Generation: g, Sink: m, Evaluate: m.evaluate, StopGrace: time.Second,
	})
	p.Add(Input{Name: "dummy", Stream: m, Workers: m.Workers})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	for _, a := range m.Acts {
		synctest.Wait()
		m.act(a, cancel)
	}
	m.mu.Lock()
	m.slow = false
	m.mu.Unlock()
	close(m.letGo)
	var stuck bool
	for running := true; running; { // the rest goes well
		synctest.Wait()
		select {
		case err := <-ended:
			running, stuck = false, errors.Is(err, ErrStuck)
			if stuck && !(m.stop || m.failed) || err != nil && !stuck && !m.failed {
				m.complain("error %v", err)
			}
		default:
			m.act(act{Kind: actDone}, cancel)
			m.act(act{Kind: actRead}, cancel)
		}
	}
	for len(m.done) > 0 {
		m.act(act{Kind: actDone}, cancel)
	}
	synctest.Wait()
	for i, b := range m.Batches[:m.read] {
		if n := count(m.acks, i); b.Token && n != 1 || !b.Token && n != 0 {
			m.complain("batch %d was acknowledged %d times", i, n)
		}
	}
	if m.closed == stuck {
		m.complain("the source is closed: %v, stuck: %v", m.closed, stuck)
	}
	return m.wrong
}

func count(list []int, x int) (n int) {
	for _, y := range list {
		if x == y {
			n++
		}
	}
	return n
}

// Whatever the batches are, in whatever order and way they are finished, and whenever the
// pipeline is stopped: the source gets the tokens in the order of its batches, each once,
// and nil for none whose alerts are not dealt with.
func TestAcknowledgementsModel(t *testing.T) {
	g := generationOf(t, "r", "batch", alert.Encoder{})
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{story: stories().Draw(rt, "story"), sunk: map[int]error{}, done: map[int]func(error){}}
		var wrong []string
		synctest.Test(t, func(t *testing.T) {
			m.allow, m.letGo = make(chan struct{}), make(chan struct{})
			wrong = m.play(t, g)
		})
		if len(wrong) > 0 {
			rt.Fatalf("%q", wrong)
		}
	})
}
