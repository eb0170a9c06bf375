// SPDX-License-Identifier: Apache-2.0

// Command hearer is a plugin that only listens to captures, for the tests of package cshared.
package main

import (
	"errors"
	"sync/atomic"

	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/listen"
)

func init() {
	cshared.Export(func() sdk.Plugin { return &hearer{} }, listen.Symbols)
}

func main() {}

type hearer struct {
	config  string
	runs    atomic.Int64
	forever sdk.Routine
}

func (h *hearer) Info() sdk.Info {
	return sdk.Info{Name: "hearer", Description: "Listens", Version: "1.0.0"}
}

func (h *hearer) Init(config string) error {
	h.config = config
	return nil
}

func (h *hearer) CaptureOpen(r sdk.Routines) (err error) {
	if h.forever, err = r.Start(func() bool { h.runs.Add(1); return true }); err != nil {
		return err
	}
	if _, err = r.Start(func() bool { h.runs.Add(1000); return false }); err != nil {
		return err
	}
	if h.config == "fail" {
		return errors.New("not today")
	}
	return nil
}

func (h *hearer) CaptureClose(sdk.Routines) error { return h.forever.Stop() }

func (h *hearer) Metrics() []sdk.Metric { return []sdk.Metric{sdk.Gauge("runs", h.runs.Load())} }
