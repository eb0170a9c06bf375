// SPDX-License-Identifier: Apache-2.0

// Command publicsdk is a plugin that is built with the public Go SDK, to see that gyr
// loads such plugins. Its events are the numbers from 0, as eight bytes; open's argument
// says how many.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins/extractor"
	"github.com/falcosecurity/plugin-sdk-go/pkg/sdk/plugins/source"
)

type plugin struct {
	plugins.BasePlugin
	config string
}

type instance struct {
	source.BaseInstance
	next, end uint64
}

func (p *plugin) Info() *plugins.Info {
	return &plugins.Info{ID: 999, Name: "publicsdk", Description: "d", Contact: "c", Version: "0.1.0", EventSource: "publicsdk"}
}

func (p *plugin) Init(config string) error {
	if config == "bad" {
		return errors.New("a bad config")
	}
	p.config = config
	return nil
}

func (p *plugin) Fields() []sdk.FieldEntry {
	return []sdk.FieldEntry{
		{Type: "uint64", Name: "public.n", Desc: "the number"},
		{Type: "string", Name: "public.s", Desc: "number and argument", Arg: sdk.FieldEntryArg{IsKey: true}},
		{Type: "string", Name: "public.l", Desc: "a list", IsList: true},
		{Type: "string", Name: "public.fail", Desc: "always fails"},
		{Type: "string", Name: "public.config", Desc: "of init"},
	}
}

func (p *plugin) Extract(req sdk.ExtractRequest, evt sdk.EventReader) error {
	var b [8]byte
	if _, err := io.ReadFull(evt.Reader(), b[:]); err != nil {
		return err
	}
	n := binary.LittleEndian.Uint64(b[:])
	switch req.FieldID() {
	case 0:
		req.SetValue(n)
	case 1:
		req.SetValue(fmt.Sprint(n, "/", req.ArgKey()))
	case 2:
		req.SetValue([]string{"a", "b"})
	case 3:
		return errors.New("no such value")
	case 4:
		req.SetValue(p.config)
	}
	return nil
}

func (p *plugin) Open(params string) (source.Instance, error) {
	end, err := strconv.ParseUint(params, 10, 64)
	return &instance{end: end}, err
}

func (p *plugin) String(evt sdk.EventReader) (string, error) {
	return fmt.Sprint("number ", evt.EventNum() > 0), nil
}

func (i *instance) NextBatch(_ sdk.PluginState, evts sdk.EventWriters) (int, error) {
	n := 0
	for ; n < evts.Len() && i.next < i.end; n++ {
		if _, err := evts.Get(n).Writer().Write(binary.LittleEndian.AppendUint64(nil, i.next)); err != nil {
			return n, err
		}
		evts.Get(n).SetTimestamp(1 + i.next)
		i.next++
	}
	if i.next == i.end {
		return n, sdk.ErrEOF
	}
	return n, nil
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
