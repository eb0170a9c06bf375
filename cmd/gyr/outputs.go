// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/output"
)

// openOutputs starts a queue in front of every destination. One that cannot be opened is
// reported and left out.
func openOutputs(a *app) error {
	if !a.cfg.Outputs.Any() {
		return errors.New("No output configured, please make sure at least one output is configured and enabled.") //nolint:revive,staticcheck // Falco's words
	}
	if h, ok := os.LookupEnv(hostnameVariable); ok {
		a.log.Info("Hostname value has been overridden via environment variable to: " + h)
	}
	if a.opts.dryRun {
		a.log.Debug("Skipping outputs initialization in dry-run")
		return nil
	}
	// with a capacity Falco drops what does not fit; without one nothing is dropped
	qo := output.Options{
		Capacity: a.cfg.QueueCapacity, Drop: a.cfg.QueueCapacity > 0,
		Timeout: a.cfg.OutputTimeout, Log: a.log,
	}
	var sinks []alert.Sink
	var queues []*output.Queue
	for _, open := range a.destinations() {
		d, err := open()
		if err != nil {
			a.log.Error("Failed to init output: " + err.Error())
			continue
		}
		q := output.NewQueue(d, qo)
		queues = append(queues, q)
		sinks = append(sinks, q)
	}
	a.sink = output.Fanout(sinks)
	a.drops = func() (n uint64) {
		for _, q := range queues {
			n += q.Counts().Dropped
		}
		return n
	}
	a.reopen = func() {
		for _, q := range queues {
			q.Reopen()
		}
	}
	a.atEnd(func() error { return a.closeOutputs(queues) })
	return nil
}

// destinations are the enabled outputs, in the order in which Falco opens them.
func (a *app) destinations() []func() (output.Destination, error) {
	o, buffered := &a.cfg.Outputs, a.cfg.BufferedOutputs
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
		return output.NewStdout(a.stdout, buffered), nil
	})
	add(o.Syslog, func() (output.Destination, error) { return output.NewSyslog("gyr") })
	add(o.Program.Enabled, func() (output.Destination, error) {
		return output.NewProgram(o.Program.Program, o.Program.KeepAlive, buffered), nil
	})
	add(o.HTTP.Enabled, func() (output.Destination, error) { return output.NewHTTP(a.httpOptions()) })
	return list
}

func (a *app) httpOptions() output.HTTPOptions {
	h := &a.cfg.Outputs.HTTP
	o := output.HTTPOptions{
		URL: h.URL, UserAgent: h.UserAgent, JSON: a.cfg.JSON.Output,
		Compress: h.CompressUploads, KeepAlive: h.KeepAlive,
		Insecure: h.Insecure, CACert: h.CACert, CABundle: h.CABundle, CAPath: h.CAPath,
		MTLS: h.MTLS, ClientCert: h.ClientCert, ClientKey: h.ClientKey,
		Timeout: a.cfg.OutputTimeout, MaxTimeouts: h.MaxConsecutiveTimeouts,
	}
	if h.Echo {
		o.Echo = a.stdout
	}
	return o
}

// closeOutputs delivers what is queued and prints the counts, which come last on the
// standard output.
func (a *app) closeOutputs(queues []*output.Queue) error {
	err := a.sink.Close()
	for _, q := range queues {
		if c := q.Counts(); c.Dropped+c.Failed > 0 {
			a.log.Warn(fmt.Sprintf("output %s: %d alerts delivered, %d dropped, %d failed", q.Name(), c.Delivered, c.Dropped, c.Failed))
		}
	}
	a.printCounts()
	a.printSummary()
	return err
}

// encoder returns how alerts are written.
func (a *app) encoder() alert.Encoder {
	j := &a.cfg.JSON
	return alert.Encoder{
		JSON: j.Output, ISO8601: a.cfg.TimeISO8601, Offset: a.catalogue.offset, Hostname: a.catalogue.hostname,
		IncludeOutput: j.WithOutput, IncludeMessage: j.WithMessage, IncludeFields: j.WithFields, IncludeTags: j.WithTags,
	}
}
