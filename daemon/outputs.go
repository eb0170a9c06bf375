// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"fmt"
	"io"
	"log/slog"

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
	for _, open := range destinations(cfg, stdout) {
		d, err := open()
		if err != nil {
			log.Error("Failed to init output: " + err.Error())
			continue
		}
		q := output.NewQueue(d, qo)
		o.queues = append(o.queues, q)
		sinks = append(sinks, q)
	}
	o.sink = output.Fanout(sinks)
	return o
}

// destinations are the enabled outputs, in the order in which Falco opens them.
func destinations(cfg *config.Config, stdout io.Writer) []func() (output.Destination, error) {
	o, buffered := &cfg.Outputs, cfg.BufferedOutputs
	var list []func() (output.Destination, error)
	add := func(enabled bool, open func() (output.Destination, error)) {
		if enabled {
			list = append(list, open)
		}
	}
	add(o.File.Enabled, func() (output.Destination, error) {
		return output.NewFile(o.File.Filename, o.File.KeepAlive, buffered), nil
	})
	add(o.Stdout, func() (output.Destination, error) {
		return output.NewStdout(stdout, buffered), nil
	})
	add(o.Syslog, func() (output.Destination, error) { return output.NewSyslog("gyr") })
	add(o.Program.Enabled, func() (output.Destination, error) {
		return output.NewProgram(o.Program.Program, o.Program.KeepAlive, buffered), nil
	})
	add(o.HTTP.Enabled, func() (output.Destination, error) { return output.NewHTTP(httpOptions(cfg, stdout)) })
	return list
}

func httpOptions(cfg *config.Config, stdout io.Writer) output.HTTPOptions {
	h := &cfg.Outputs.HTTP
	o := output.HTTPOptions{
		URL: h.URL, UserAgent: h.UserAgent, JSON: cfg.JSON.Output,
		Compress: h.CompressUploads, KeepAlive: h.KeepAlive,
		Insecure: h.Insecure, CACert: h.CACert, CABundle: h.CABundle, CAPath: h.CAPath,
		MTLS: h.MTLS, ClientCert: h.ClientCert, ClientKey: h.ClientKey,
		Timeout: cfg.OutputTimeout, MaxTimeouts: h.MaxConsecutiveTimeouts,
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

// close delivers what is queued, and logs what was lost.
func (o *outputs) close() error {
	err := o.sink.Close()
	for _, q := range o.queues {
		if c := q.Counts(); c.Dropped+c.Failed > 0 {
			o.log.Warn(fmt.Sprintf("output %s: %d alerts delivered, %d dropped, %d failed", q.Name(), c.Delivered, c.Dropped, c.Failed))
		}
	}
	return err
}
