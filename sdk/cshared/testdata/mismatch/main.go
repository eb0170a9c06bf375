// SPDX-License-Identifier: Apache-2.0

// Command mismatch is a plugin with an event source whose library forgets to export it,
// for the tests of package cshared.
package main

import (
	"errors"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
)

func init() { cshared.Export(func() sdk.Plugin { return plugin{} }, extract.Symbols) }

func main() {}

type plugin struct{}

func (plugin) Info() sdk.Info {
	return sdk.Info{Name: "mismatch", Description: "Forgets", Contact: "nobody", Version: "0.1.0", ID: 998, EventSource: "mismatch"}
}

func (plugin) Open(string) (event.Source, error) { return nil, errors.New("never called") }
