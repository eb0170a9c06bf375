// SPDX-License-Identifier: Apache-2.0

// Command constants is a plugin with as little work as a plugin on the public Go SDK can
// have: small events for ever, and twelve fields with the same text.
package main

import (
	"fmt"

	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins/extractor"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins/source"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/symbols/extract"
)

type plugin struct{ plugins.BasePlugin }

type instance struct{ source.BaseInstance }

var payload = []byte("12345678")

func (plugin) Info() *plugins.Info {
	return &plugins.Info{ID: 906, Name: "constants", Description: "d", Contact: "c", Version: "0.1.0", EventSource: "constants"}
}

// Init turns off the SDK's second thread for extraction, which spins, and which on a busy
// machine waits for a processor for milliseconds.
func (plugin) Init(string) error {
	extract.SetAsync(false)
	return nil
}

func (plugin) Fields() (list []sdk.FieldEntry) {
	for i := range 12 {
		list = append(list, sdk.FieldEntry{Type: "string", Name: fmt.Sprint("constants.f", i), Desc: "a constant"})
	}
	return list
}

func (plugin) Extract(req sdk.ExtractRequest, _ sdk.EventReader) error {
	req.SetValue("a constant of some length")
	return nil
}

func (plugin) Open(string) (source.Instance, error) { return &instance{}, nil }

func (*instance) NextBatch(_ sdk.PluginState, evts sdk.EventWriters) (int, error) {
	for i := range evts.Len() {
		if _, err := evts.Get(i).Writer().Write(payload); err != nil {
			return i, err
		}
		evts.Get(i).SetTimestamp(1)
	}
	return evts.Len(), nil
}

func init() {
	plugins.SetFactory(func() plugins.Plugin {
		p := &plugin{}
		extractor.Register(p)
		source.Register(p)
		return p
	})
}

func main() {}
