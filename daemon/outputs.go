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
	"github.com/gyr-dev/gyr/output"
)

// outputs are the destinations of the configuration, each behind a queue.
type outputs struct {
	sink   alert.Sink // to all queues
	queues []*output.Queue
	log    *slog.Logger
}

// openOutputs starts a queue in front of every destination. One that cannot be opened is
// reported and left out.
func openOutputs(cfg *config.Config, stdout io.Writer, log *slog.Logger) *outputs {
	// with a capacity Falco drops what does not fit; without one nothing is dropped
	qo := output.Options{
		Capacity: cfg.QueueCapacity, Drop: cfg.QueueCapacity > 0,
		Timeout: cfg.OutputTimeout, Log: log,
	}
	o := &outputs{log: log}
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
		q := output.NewQueue(d, qo)
		o.queues = append(o.queues, q)
		sinks = append(sinks, q)
	}
	o.sink = output.Fanout(sinks)
	return o
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
	for _, q := range o.queues {
		n += q.Counts().Dropped
	}
	return n
}

// reopen has the destinations reopened.
func (o *outputs) reopen() {
	for _, q := range o.queues {
		q.Reopen()
	}
}

// end limits the time that the outputs have left: a signal has come.
func (o *outputs) end(limit time.Duration) {
	by := time.Now().Add(limit)
	for _, q := range o.queues {
		q.End(by)
	}
}

// close delivers what is queued, and logs what became of the alerts of each output that
// did not take all of them at once. The error says which outputs lost alerts.
func (o *outputs) close() error {
	_ = o.sink.Close() // the counts say more
	var lost []string
	for _, q := range o.queues {
		c := q.Counts()
		text := fmt.Sprintf("output %s: %d alerts delivered, %d lost (%d of them refused), %d dropped, %d retried",
			q.Name(), c.Delivered, c.Lost(), c.Refused, c.Dropped, c.Retried)
		switch {
		case c.Lost() > 0:
			o.log.Error(text)
			lost = append(lost, fmt.Sprintf("%s %d of %d", q.Name(), c.Lost(), c.Queued))
		case c.Dropped > 0:
			o.log.Warn(text)
		case c.Retried > 0:
			o.log.Info(text)
		}
	}
	if lost == nil {
		return nil
	}
	return errors.New("alerts were lost: " + strings.Join(lost, ", "))
}
