// SPDX-License-Identifier: Apache-2.0

package sdktest

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/sdk"
)

// checkParse passes all events to the plugin.
func (k *checker) checkParse() {
	p, ok := k.host.Plugin.(host.Parser)
	if !ok {
		k.skipf("this host cannot pass events to such a plugin")
		return
	}
	events := k.samples()
	if len(events) == 0 {
		k.skipf("no events")
		return
	}
	b := event.NewBatch(len(events), event.NewArena(nil, nil))
	b.Source = k.host.source()
	b.Events = append(b.Events, events...)
	failed := 0
	for i := range b.Events {
		if err := p.Parse(b, i); err != nil {
			if failed++; failed == 1 {
				k.warnf("event %d: %v", i+1, err)
			}
		}
	}
	if failed == len(events) {
		k.errorf("parsing fails for all %d events", failed)
	}
}

// received collects the events that a plugin injects.
type received struct {
	mu    sync.Mutex
	names []string
	ended bool
	late  int
}

func (r *received) emit(name string, _ uint64, _ []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		r.late++
		return errors.New("the stream has ended")
	}
	r.names = append(r.names, name)
	return nil
}

// checkAsync starts and stops async events twice.
func (k *checker) checkAsync() {
	a, ok := k.host.Plugin.(host.AsyncSource)
	if !ok {
		k.skipf("this host cannot receive events of such a plugin")
		return
	}
	source := k.host.source()
	if len(k.info.AsyncSources) > 0 {
		source = k.info.AsyncSources[0]
	}
	for range 2 {
		r := &received{}
		if err := a.StartAsync(source, r.emit); err != nil {
			k.errorf("start: %v", err)
			return
		}
		time.Sleep(min(k.opts.Wait, 100*time.Millisecond)) // let the plugin inject events
		watch := newStopwatch()
		if err := a.StopAsync(); err != nil {
			k.errorf("stop: %v", err)
		}
		if took := watch.end(); took > stopWithin {
			k.errorf("stopping takes %v", took)
		}
		r.mu.Lock()
		r.ended = true
		for _, name := range r.names {
			if !slices.Contains(k.info.AsyncEvents, name) {
				k.errorf("event %q is not in the list of async events %q", name, k.info.AsyncEvents)
				break
			}
		}
		r.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
		if r.mu.Lock(); r.late > 0 {
			k.errorf("%d events arrived after the end; the stop function must wait for all threads that inject events", r.late)
		}
		r.mu.Unlock()
	}
}

// routines counts the running routines.
type routines struct {
	r    *host.Routines
	open atomic.Int32
}

func (r *routines) Start(f func() bool) (sdk.Routine, error) {
	x := &routine{open: &r.open}
	r.open.Add(1)
	var err error
	if x.Routine, err = r.r.Start(func() bool { return f() || x.over() }); err != nil {
		x.over()
	}
	return x, err
}

type routine struct {
	sdk.Routine
	open *atomic.Int32
	once sync.Once
}

// over records that the routine has ended.
func (x *routine) over() bool {
	x.once.Do(func() { x.open.Add(-1) })
	return false
}

func (x *routine) Stop() error {
	x.over()
	return x.Routine.Stop()
}

// checkListen notifies the plugin of the start and end of a capture twice.
func (k *checker) checkListen() {
	l, ok := k.host.Plugin.(host.Listener)
	if !ok {
		k.skipf("this host cannot notify such a plugin of captures")
		return
	}
	for range 2 {
		r := &routines{r: host.NewRoutines(slog.New(slog.DiscardHandler))}
		if err := l.CaptureOpen(r); err != nil {
			k.errorf("capture open: %v", err)
		} else if err := l.CaptureClose(r); err != nil {
			k.errorf("capture close: %v", err)
		}
		left := r.open.Load()
		r.r.Stop()
		if left > 0 {
			k.warnf("a routine is still running after capture close; not every host stops it")
			return
		}
	}
}

func (k *checker) checkMetrics() {
	m, ok := k.host.Plugin.(host.Metered)
	if !ok {
		k.skipf("this host does not request metrics")
		return
	}
	list := m.Metrics()
	if len(list) == 0 {
		k.skipf("the plugin has no metrics")
		return
	}
	seen := map[string]bool{}
	for _, metric := range list {
		switch {
		case strings.TrimSpace(metric.Name) == "":
			k.errorf("a metric has no name")
		case seen[metric.Name]:
			k.errorf("duplicate metric %s", metric.Name)
		}
		seen[metric.Name] = true
	}
}
