// SPDX-License-Identifier: Apache-2.0

// Package dummy is a plugin that makes numbers and knows a little about them: the
// smallest complete plugin, for tests, demonstrations and as an example to start from.
//
// Its event source counts upwards by 1 plus a random jitter. The payload of an event is
// the number in decimal.
package dummy

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// ID is the registered id of the event source.
const ID = 3

// New makes a state of the plugin.
func New() sdk.Plugin { return &plugin{FieldTable: fields, config: defaults} }

type plugin struct {
	sdk.FieldTable
	config settings
}

var (
	_ sdk.Initializer    = (*plugin)(nil)
	_ sdk.SchemaProvider = (*plugin)(nil)
	_ sdk.Sourcer        = (*plugin)(nil)
	_ sdk.OpenParamser   = (*plugin)(nil)
	_ sdk.Stringer       = (*plugin)(nil)
	_ sdk.Extractor      = (*plugin)(nil)
	_ sdk.Concurrent     = (*plugin)(nil)
)

func (p *plugin) Info() sdk.Info {
	return sdk.Info{
		Name:        "dummy",
		Description: "Makes events that are numbers",
		Contact:     "github.com/gyr-dev/gyr",
		Version:     "0.12.0",
		ID:          ID,
		EventSource: "dummy",
	}
}

// settings is the configuration. The JSON schema is made from it. Keys that it does not
// have are accepted, as by other builds of the plugin.
type settings struct {
	Jitter uint64 `json:"jitter" desc:"Each number is larger than the last one by 1 plus a random number up to this"`

	_ struct{} `unknownKeys:"allowed"`
}

var (
	defaults = settings{Jitter: 10}
	schema   = sdk.Schema(defaults)
)

func (p *plugin) InitSchema() string { return schema }

func (p *plugin) Init(config string) error { return sdk.DecodeConfig(config, &p.config) }

// stream is an open stream, and at first the parameters of Open.
type stream struct {
	Start     uint64 `json:"start"`
	MaxEvents int64  `json:"maxEvents"`

	jitter, sample, done uint64
	text                 [maxDigits]byte
}

func (p *plugin) OpenParams() ([]sdk.OpenParam, error) {
	return []sdk.OpenParam{
		{Value: `{"start": 1, "maxEvents": 20}`, Desc: "20 numbers from 1 on, which is the default"},
	}, nil
}

func (p *plugin) Open(params string) (event.Source, error) {
	s := &stream{Start: 1, MaxEvents: 20, jitter: p.config.Jitter}
	if err := sdk.DecodeConfig(params, s); err != nil {
		return nil, fmt.Errorf("wrong open params format: %w", err)
	}
	s.sample = s.Start
	return sdk.Pull(s.next, sdk.StreamOptions{Progress: s.progress}), nil
}

// next makes the next number; the time of the event is that of reading. A negative maximum
// of events is, as an unsigned number, no limit.
func (s *stream) next(context.Context) (data []byte, ts uint64, err error) {
	if s.done == uint64(s.MaxEvents) {
		return nil, 0, io.EOF
	}
	s.done++
	s.sample += 1 + random(s.jitter)
	return strconv.AppendUint(s.text[:0], s.sample, 10), abi.NoTime, nil
}

// progress says how much of the stream is read.
func (s *stream) progress() (share float64, text string) {
	if s.MaxEvents <= 0 {
		return 0, fmt.Sprintf("%d events", s.done)
	}
	return float64(s.done) / float64(s.MaxEvents), fmt.Sprintf("%d/%d events", s.done, s.MaxEvents)
}

// maxDigits is the length of the largest number.
const maxDigits = 20

// random returns a number from 0 to limit.
func random(limit uint64) uint64 {
	switch limit {
	case 0:
		return 0
	case ^uint64(0):
		return rand.Uint64()
	}
	return rand.Uint64N(limit + 1)
}
