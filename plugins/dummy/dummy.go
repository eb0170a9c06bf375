// SPDX-License-Identifier: Apache-2.0

// Package dummy is a plugin that makes numbers and knows a little about them: the
// smallest complete plugin, for tests, demonstrations and as an example to start from.
//
// Its event source counts upwards by 1 plus a random jitter. The payload of an event is
// the number in decimal.
package dummy

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// ID is the registered id of the event source.
const ID = 3

// New makes a state of the plugin.
func New() sdk.Plugin { return &plugin{} }

type plugin struct {
	config struct {
		Jitter uint64 `json:"jitter"`
	}
}

var (
	_ sdk.Initializer    = (*plugin)(nil)
	_ sdk.SchemaProvider = (*plugin)(nil)
	_ sdk.Sourcer        = (*plugin)(nil)
	_ sdk.Stringer       = (*plugin)(nil)
	_ sdk.Planner        = (*plugin)(nil)
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

const schema = `{
	"$schema": "http://json-schema.org/draft-07/schema#",
	"type": "object",
	"properties": {
		"jitter": {
			"type": "integer",
			"minimum": 0,
			"description": "Each number is 1 plus at most so much larger than the last one (default 10)"
		}
	}
}`

func (p *plugin) InitSchema() string { return schema }

func (p *plugin) Init(config string) error {
	p.config.Jitter = 10
	if config == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(config), &p.config); err != nil {
		return fmt.Errorf("wrong config format: %w", err)
	}
	return nil
}

func (p *plugin) OpenParams() ([]sdk.OpenParam, error) {
	return []sdk.OpenParam{
		{Value: `{"start": 1, "maxEvents": 20}`, Desc: "20 numbers from 1 on, which is the default"},
	}, nil
}

func (p *plugin) Open(params string) (event.Source, error) {
	open := struct {
		Start     uint64 `json:"start"`
		MaxEvents int64  `json:"maxEvents"`
	}{Start: 1, MaxEvents: 20}
	if params != "" {
		if err := json.Unmarshal([]byte(params), &open); err != nil {
			return nil, fmt.Errorf("wrong open params format: %w", err)
		}
	}
	return &stream{jitter: p.config.Jitter, sample: open.Start, total: uint64(open.MaxEvents)}, nil
}

// stream counts. A negative maximum of events is, as an unsigned number, no limit.
type stream struct {
	jitter, sample, done, total uint64
}

func (s *stream) Next(ctx context.Context, b *event.Batch) error {
	if ctx.Err() != nil {
		return nil
	}
	// One look at the clock per batch: its events are as good as simultaneous.
	now := uint64(time.Now().UnixNano())
	for ; !b.Full(); s.done++ {
		if s.done == s.total {
			return io.EOF
		}
		s.sample += 1 + random(s.jitter)
		text := strconv.AppendUint(b.Arena.Bytes(maxDigits)[:0], s.sample, 10)
		b.AddView(ID, now, text)
		now++
	}
	return nil
}

func (s *stream) Close() error { return nil }

// Progress implements [event.Progresser].
func (s *stream) Progress() (share float64, text string) {
	if s.total > 0 {
		share = float64(s.done) / float64(s.total)
	}
	return share, fmt.Sprintf("%d/%d events", s.done, s.total)
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
