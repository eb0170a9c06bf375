// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/metrics"
	"github.com/gyr-dev/gyr/output"
	"github.com/gyr-dev/gyr/spool"
)

// outputs are the destinations of the configuration, each behind a worker, and what feeds
// the workers: a queue each, or the spool.
type outputs struct {
	sink    alert.Sink // to all of them
	workers []*output.Worker
	spool   *spoolSink   // nil without one
	feeds   []*spoolFeed // with a spool, one for each worker
	timeout time.Duration
	log     *slog.Logger
}

// openOutputs starts a worker for every destination. One that cannot be opened is reported
// and left out. A spool that cannot be opened is an error.
func openOutputs(cfg *config.Config, stdout io.Writer, log *slog.Logger) (*outputs, error) {
	o := &outputs{log: log, timeout: cfg.OutputTimeout}
	if err := o.openSpool(&cfg.Spool); err != nil {
		return nil, err
	}
	// with a capacity Falco drops what does not fit; without one nothing is dropped
	qo := output.Options{
		Capacity: cfg.QueueCapacity, Drop: cfg.QueueCapacity > 0,
		Timeout: cfg.OutputTimeout, Kept: o.spool != nil, Log: log,
	}
	var sinks []alert.Sink
	for _, open := range destinations(cfg, stdout, log) {
		d, err := open()
		if err != nil {
			log.Error("Failed to init output: " + err.Error())
			continue
		}
		if qo.First = 0; d.Name() == "http" {
			qo.First = cfg.Outputs.HTTP.Timeout
		}
		if o.spool != nil {
			if err := o.feed(d, qo); err != nil {
				return nil, errors.Join(err, o.spool.s.Close())
			}
			continue
		}
		q := output.NewQueue(d, qo)
		o.workers = append(o.workers, q.Worker)
		sinks = append(sinks, q)
	}
	if o.sink = output.Fanout(sinks); o.spool != nil {
		o.sink = o.spool
	}
	return o, nil
}

// openSpool opens the spool, if there is to be one.
func (o *outputs) openSpool(cfg *config.Spool) error {
	if cfg.Path == "" {
		return nil
	}
	so := spool.Options{Path: cfg.Path, MaxSize: cfg.MaxSize, Log: o.log}
	if cfg.Interval {
		so.Sync = spool.Interval
	}
	if cfg.DropOldest {
		so.WhenFull = spool.DropOldest
	}
	s, err := spool.Open(so)
	if err != nil {
		return err
	}
	o.spool = &spoolSink{s: s}
	return nil
}

// feed has a worker deliver what the spool keeps for a destination.
func (o *outputs) feed(d output.Destination, qo output.Options) error {
	r, err := o.spool.s.Reader(d.Name())
	if err != nil {
		return err
	}
	f := &spoolFeed{r: r, log: o.log}
	o.feeds = append(o.feeds, f)
	o.workers = append(o.workers, output.NewWorker(d, f, qo))
	return nil
}

// destinations are the enabled outputs, in the order in which Falco opens them.
func destinations(cfg *config.Config, stdout io.Writer, log *slog.Logger) []func() (output.Destination, error) {
	o, buffered := &cfg.Outputs, cfg.BufferedOutputs
	var list []func() (output.Destination, error)
	add := func(enabled bool, open func() (output.Destination, error)) {
		if enabled {
			list = append(list, open)
		}
	}
	add(o.File.Enabled, func() (output.Destination, error) {
		f := output.NewFile(o.File.Filename, o.File.KeepAlive, buffered)
		if o.File.Mode != 0 {
			f.SetMode(o.File.Mode)
		}
		return f, nil
	})
	add(o.Stdout, func() (output.Destination, error) {
		return output.NewStdout(stdout, buffered), nil
	})
	add(o.Syslog, func() (output.Destination, error) { return output.NewSyslog("gyr") })
	add(o.Program.Enabled, func() (output.Destination, error) {
		return output.NewProgram(o.Program.Program, o.Program.KeepAlive, buffered), nil
	})
	add(o.HTTP.Enabled, func() (output.Destination, error) { return output.NewHTTP(httpOptions(cfg, stdout, log)) })
	return list
}

func httpOptions(cfg *config.Config, stdout io.Writer, log *slog.Logger) output.HTTPOptions {
	h := &cfg.Outputs.HTTP
	o := output.HTTPOptions{
		URL: h.URL, UserAgent: h.UserAgent, JSON: cfg.JSON.Output,
		Compress: h.CompressUploads, KeepAlive: h.KeepAlive,
		Insecure: h.Insecure, CACert: h.CACert, CABundle: h.CABundle, CAPath: h.CAPath,
		MTLS: h.MTLS, ClientCert: h.ClientCert, ClientKey: h.ClientKey,
		Timeout: h.Timeout, MaxTimeouts: h.MaxConsecutiveTimeouts, Log: log,
	}
	if h.Echo {
		o.Echo = stdout
	}
	return o
}

// dropped is how many alerts the outputs dropped.
func (o *outputs) dropped() (n uint64) {
	for _, w := range o.workers {
		n += o.counts(w).Dropped
	}
	return n
}

// metrics adds the counts of each output, those that are 0 only if the configuration wants
// them.
func (o *outputs) metrics(f *metrics.Fields) {
	for _, w := range o.workers {
		c, name := o.counts(w), "gyr.outputs."+w.Name()+"."
		f.SetFull(name+"queued", c.Queued)
		f.SetFull(name+"delivered", c.Delivered)
		f.SetFull(name+"retried", c.Retried)
		f.SetFull(name+"refused", c.Refused)
		f.SetFull(name+"dropped", c.Dropped)
		f.SetFull(name+"failed", c.Failed)
		f.SetFull(name+"waiting", c.Queued-c.Delivered-c.Lost())
		f.SetFull(name+"oldest_sec", uint64(w.Oldest()/time.Second))
	}
	if o.spool != nil {
		c := o.spool.s.Counts()
		f.SetFull("gyr.spool.appended", c.Appended)
		f.SetFull("gyr.spool.bytes", uint64(c.Bytes))
		f.SetFull("gyr.spool.damaged_bytes", uint64(c.Damaged))
		f.SetFull("gyr.spool.failures", c.Failures)
	}
}

// counts returns a worker's counts, also those that the spool has of it.
func (o *outputs) counts(w *output.Worker) output.Counts {
	c := w.Counts()
	if o.spool != nil {
		s := o.spool.s.Counts()
		c.Dropped += s.Dropped[w.Name()]
		c.Failed += s.Lost[w.Name()]
		c.Queued = c.Delivered + c.Lost() + s.Queued[w.Name()]
	}
	return c
}

// reopen has the destinations reopened.
func (o *outputs) reopen() {
	for _, w := range o.workers {
		w.Reopen()
	}
}

// end limits the time that the outputs have left: a signal has come. Once one of them is
// given up, nobody waits for room in the spool any more.
func (o *outputs) end(limit time.Duration) {
	by := time.Now().Add(limit)
	for _, w := range o.workers {
		w.End(by)
		if o.spool != nil {
			go func() {
				if w.GivenUp() {
					o.spool.s.Refuse()
				}
			}()
		}
	}
}

// close delivers what is queued, and logs what became of the alerts of each output that
// did not take all of them at once. The error says which outputs lost alerts.
func (o *outputs) close() error {
	if o.spool == nil {
		_ = o.sink.Close() // the counts say more
	} else {
		o.closeFeeds()
	}
	lost := o.account()
	if o.spool != nil {
		if n := o.spool.lost.Load(); n > 0 {
			lost = append(lost, fmt.Sprintf("spool %d, which could not be stored", n))
		}
		if err := o.spool.s.Close(); err != nil {
			o.log.Error("spool: " + err.Error())
		}
	}
	if lost == nil {
		return nil
	}
	return errors.New("alerts were lost: " + strings.Join(lost, ", "))
}

// closeFeeds delivers what the spool has, as long as that goes on.
func (o *outputs) closeFeeds() {
	o.spool.wait(o.timeout)
	for i, f := range o.feeds {
		f.end()
		o.workers[i].End(time.Time{})
	}
	for _, w := range o.workers {
		_ = w.Wait() // what is not delivered is kept
	}
}

// account logs what became of the alerts, and returns what was lost.
func (o *outputs) account() (lost []string) {
	for _, w := range o.workers {
		c := o.counts(w)
		text := fmt.Sprintf("output %s: %d alerts delivered, %d lost (%d of them refused), %d dropped, %d retried",
			w.Name(), c.Delivered, c.Lost(), c.Refused, c.Dropped, c.Retried)
		kept := c.Queued - c.Delivered - c.Lost()
		if kept > 0 {
			text += fmt.Sprintf(", %d kept in the spool", kept)
		}
		switch {
		case c.Lost() > 0:
			o.log.Error(text)
			lost = append(lost, fmt.Sprintf("%s %d of %d", w.Name(), c.Lost(), c.Queued))
		case c.Dropped > 0:
			o.log.Warn(text)
		case c.Retried > 0 || kept > 0:
			o.log.Info(text)
		}
	}
	return lost
}
