// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/capture"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/metrics"
	"github.com/gyr-dev/gyr/pipeline"
)

// endsStuck wants a run that ends because of a, whose call blocks, and leaves a's states alone.
func (l *live) endsStuck() {
	l.t.Helper()
	if err := <-l.ended; !errors.Is(err, pipeline.ErrStuck) {
		l.t.Errorf("ended with %v, want ErrStuck", err)
	}
	if n := l.a.destroyed.Load(); n != 0 {
		l.t.Errorf("%d states of a destroyed while a call runs", n)
	}
	close(l.a.unblock)
	l.cancel()
}

// TestAReloadMeetsAStuckSource: its plugin must not be closed while a call into it runs.
func TestAReloadMeetsAStuckSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, "")
		l.a.events <- "stuck"
		l.config("z", "y", "")
		l.reload("")
		l.endsStuck()
	})
}

// TestAFailedReloadMeetsAStuckSource: nor may it be opened again.
func TestAFailedReloadMeetsAStuckSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, "")
		l.a.fail = func(p string) error {
			if p == "bad" {
				return errors.New("bad address in use")
			}
			return nil
		}
		l.a.events <- "stuck"
		l.config("bad", "y", "")
		l.reload("bad address")
		if len(l.a.notes) != 0 {
			t.Errorf("a: %q", <-l.a.notes)
		}
		l.endsStuck()
	})
}

// TestAStuckSourceAfterAFailure: the error says so, although another one came first.
func TestAStuckSourceAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, "")
		l.a.events <- "stuck"
		l.b.events <- "fail"
		l.endsStuck()
	})
}

// TestEndWhileAReloadStopsASource: its plugin is closed when the call has returned.
func TestEndWhileAReloadStopsASource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, "")
		l.a.events <- "stuck"
		l.config("z", "y", "")
		go l.reload("")
		synctest.Wait() // the reload waits for x
		l.cancel()
		synctest.Wait()
		if n := l.a.destroyed.Load(); n != 0 {
			t.Errorf("%d states of a destroyed while a call runs", n)
		}
		close(l.a.unblock)
		l.stop("")
	})
}

// TestASourceThatCannotBeOpenedAgain: a failed reload does not lose it, even if the
// configuration lets the failure of a source end the run.
func TestASourceThatCannotBeOpenedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, "")
		tries := 0
		l.a.fail = func(string) error {
			if tries++; tries < 5 { // twice for z, twice for x
				return errors.New("address already in use")
			}
			return nil
		}
		l.config("z", "y", "")
		l.reload("opening it again as it was: plugin a: open: address already in use")
		l.note(l.a, "close x")
		l.note(l.a, "open x") // after three seconds
		<-l.alerts.c          // of the failure
		l.event(l.a, "one 1")
		l.event(l.b, "one 1")
		l.stop("")
	})
}

// TestASourceEndsDuringAFailedReload: it is not read a second time.
func TestASourceEndsDuringAFailedReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, "")
		first := true
		l.a.fail = func(p string) error {
			if first {
				l.a.events <- "end"
				synctest.Wait()
			}
			first = false
			if p == "bad" {
				return errors.New("bad address in use")
			}
			return nil
		}
		l.config("bad", "y", "")
		l.reload("bad address")
		<-l.alerts.c // of the failure
		l.event(l.b, "one 1")
		l.stop("")
		l.note(l.a, "close x")
		if len(l.a.notes) != 0 {
			t.Errorf("a: %q", <-l.a.notes)
		}
	})
}

// TestReloadDuringMetrics: a state is not destroyed while it is asked for metrics.
func TestReloadDuringMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, "")
		asked, answer := make(chan struct{}), make(chan struct{})
		l.a.measure = func() { close(asked); <-answer }
		collected := make(chan struct{})
		go func() {
			n := snapshots{stream: l.s, last: map[string]tally{}}
			n.collect("a", &metrics.Fields{})
			close(collected)
		}()
		<-asked
		l.rules(fmt.Sprintf(ruleOf, "two", "two"))
		l.config("z", "y", "")
		go l.reload("")
		synctest.Wait()
		if n := l.a.destroyed.Load(); n != 0 {
			t.Error("destroyed while it is asked for metrics")
		}
		close(answer)
		<-collected
		synctest.Wait()
		if n := l.a.destroyed.Load(); n != 1 {
			t.Errorf("%d states destroyed, want that of x", n)
		}
		l.stop("")
	})
}

// TestFilesChangeDuringAReload: what is written after the reload has read the files needs
// another one, also if its event comes before the reload is done.
func TestFilesChangeDuringAReload(t *testing.T) {
	for _, more := range []bool{false, true} {
		l := start(t, "")
		asked := make(reloads, 1)
		w := watchFiles(l.s.now.Load().asm, asked, time.Hour, l.s.opts.Log)
		l.s.watch = w
		l.a.fail = func(string) error {
			l.rules(fmt.Sprintf(ruleOf, "late", "late"))
			return nil
		}
		l.config("z", "y", "")
		if more { // files are read
			path := filepath.Join(l.dir, "falco.yaml")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			empty := filepath.Join(t.TempDir(), "empty.yaml")
			write(t, empty, "")
			write(t, path, strings.Replace(string(text), "/rules.yaml]", "/rules.yaml, "+empty+"]", 1))
		}
		l.reload("")
		w.look()
		if len(asked) != 1 {
			t.Errorf("more files %t: the change during the reload is not noticed", more)
		}
		l.stop("")
		w.close()
	}
}

// TestRecordingsEndWithTheirInput: they are whole files when a reload has replaced the source.
func TestRecordingsEndWithTheirInput(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "r")
	recording := fmt.Sprintf("capture: {enabled: true, mode: all_rules, path_prefix: %s}\n", prefix)
	l := start(t, recording)
	l.event(l.a, "one 1")
	l.config("z", "y", recording)
	l.reload("")
	r, err := capture.Open(capture.TriggeredPath(prefix, 1, 1), capture.ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b := event.NewBatch(10, event.NewArena(nil, nil))
	if err := r.Next(t.Context(), b); err != io.EOF || len(b.Events) != 1 {
		t.Errorf("%d events, error %v, want one and the end", len(b.Events), err)
	}
	r.Close()
	l.stop("")
}

// TestNoMetricsOfAStuckPlugin: a plugin that does not return from a call gets no other one.
func TestNoMetricsOfAStuckPlugin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := start(t, "")
		l.stop("")
		ctx, cancel := context.WithCancel(t.Context())
		asm, err := assembly.Build(l.s.now.Load().asm.Config, l.s.opts.Build)
		if err != nil {
			t.Fatal(err)
		}
		l.a.measure = func() { t.Error("asked for metrics") }
		ended := make(chan error, 1)
		go func() {
			_, err := run(ctx, asm, l.s.out, make(reloads), l.s.opts)
			ended <- err
		}()
		l.a.events <- "stuck"
		cancel()
		if err := <-ended; !errors.Is(err, pipeline.ErrStuck) {
			t.Errorf("error %v, want ErrStuck", err)
		}
		close(l.a.unblock)
	})
}
