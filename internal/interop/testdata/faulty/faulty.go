// SPDX-License-Identifier: Apache-2.0

// Package faulty is a plugin whose fields fail in all the ways in which fields can.
package faulty

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// New makes the plugin.
func New() sdk.Plugin { return plugin{} }

type plugin struct{}

func (plugin) Info() sdk.Info {
	return sdk.Info{Name: "faulty", Description: "d", Contact: "c", Version: "0.1.0", ID: 912, EventSource: "faulty"}
}

func (plugin) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{
		{Name: "faulty.good", Type: abi.String, Desc: "right"},
		{Name: "faulty.fails", Type: abi.String, Desc: "an error"},
		{Name: "faulty.panics", Type: abi.Uint64, Desc: "a panic"},
		{Name: "faulty.wrong", Type: abi.Uint64, Desc: "a text instead of a number"},
		{Name: "faulty.address", Type: abi.IPAddr, Desc: "an address of three bytes"},
	}
}

func (plugin) Extract(e *event.Event, r *sdk.Request, out *event.Value, mem *event.Arena) error {
	switch r.Field {
	case 1:
		return errors.New("it fails")
	case 2:
		panic("it panics")
	case 4:
		*out = event.StringValue("abc")
	default:
		*out = event.StringValue("text")
	}
	return nil
}

func (plugin) Open(string) (event.Source, error) {
	n := 0
	return sdk.Pull(func(context.Context) ([]byte, uint64, error) {
		if n++; n > 10 {
			return nil, 0, io.EOF
		}
		return fmt.Append(nil, n), uint64(n), nil
	}, sdk.StreamOptions{}), nil
}
