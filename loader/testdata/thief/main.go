// SPDX-License-Identifier: Apache-2.0

// Command thief is a plugin that takes signals over: when its package is initialised, and
// again in Init and Open.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/source"
)

var stolen = make(chan os.Signal, 10)

func init() {
	signal.Notify(stolen, syscall.SIGINT, syscall.SIGUSR1)
	cshared.Export(func() sdk.Plugin { return &thief{} }, source.Symbols)
}

type thief struct{}

func (*thief) Info() sdk.Info {
	return sdk.Info{Name: "thief", Version: "0.1.0", ID: 998, EventSource: "thief"}
}

func (*thief) Init(string) error {
	signal.Notify(stolen, syscall.SIGTERM)
	return nil
}

func (*thief) Open(string) (event.Source, error) {
	signal.Notify(stolen, syscall.SIGHUP)
	return sdk.Pull(func(context.Context) ([]byte, uint64, error) { return nil, 0, io.EOF }, sdk.StreamOptions{}), nil
}

func main() {}
