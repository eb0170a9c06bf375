// SPDX-License-Identifier: Apache-2.0

// Command onlyfields is a plugin without an event source, for the tests of package cshared.
package main

import (
	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
)

func init() { cshared.Export(func() sdk.Plugin { return plugin{} }, extract.Symbols) }

func main() {}

type plugin struct{}

func (plugin) Info() sdk.Info {
	return sdk.Info{Name: "onlyfields", Description: "Extracts", Contact: "nobody", Version: "0.1.0"}
}

func (plugin) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{{Name: "only.len", Type: abi.Uint64, Desc: "The length of the payload"}}
}

func (plugin) Extract(e *event.Event, _ *sdk.Request, out *event.Value, _ *event.Arena) error {
	*out = sdk.Uint64(uint64(len(e.Data)))
	return nil
}
