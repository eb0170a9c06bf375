// SPDX-License-Identifier: Apache-2.0

// Package cloudtrail is the cloudtrail plugin: it reads the log files that AWS CloudTrail
// writes, and extracts fields from their records. The README beside this file describes
// its configuration and its fields.
//
// The way of a record, a file of this package per step; internal/logfiles has those between:
//
//	input*.go    which files there are and how to open them
//	split.go     a piece of a file is split into records: element.go those of CloudTrail's
//	             lists (quick.go: the usual ones in a hurry), document.go all others;
//	             overflow.go goes over what is too large. Their times are read on the way
//	fields.go    what each field is made of
//	plan.go      all wanted fields of an event, in one pass over its bytes
//
// Records that do not become events are counted by their [reason].
package cloudtrail

import (
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/awslogs"
	"github.com/gyr-dev/gyr/internal/logfiles"
	"github.com/gyr-dev/gyr/sdk"
)

// MaxRecord is the size in bytes above which a record is dropped.
const MaxRecord = 256 << 10

const (
	pluginID    = 2
	eventSource = "aws_cloudtrail"
)

// New returns a new state of the plugin.
func New() sdk.Plugin {
	return &plugin{config: defaultConfig(), log: slog.New(slog.DiscardHandler)}
}

type plugin struct {
	config config
	log    *slog.Logger

	counts    counters // of all streams
	awsCounts awslogs.Counts
	usesAWS   atomic.Bool                    // a stream of AWS was opened
	dedup     atomic.Pointer[logfiles.Dedup] // of the last stream; nil if duplicates pass
}

var (
	_ sdk.Initializer    = (*plugin)(nil)
	_ sdk.SchemaProvider = (*plugin)(nil)
	_ sdk.Sourcer        = (*plugin)(nil)
	_ sdk.Stringer       = (*plugin)(nil)
	_ sdk.Extractor      = (*plugin)(nil)
	_ sdk.Planner        = (*plugin)(nil)
	_ sdk.Concurrent     = (*plugin)(nil)
	_ sdk.LogSetter      = (*plugin)(nil)
	_ sdk.Metered        = (*plugin)(nil)
)

func (*plugin) Info() sdk.Info {
	return sdk.Info{
		Name:        "cloudtrail",
		Description: "reads the log files of AWS CloudTrail",
		Contact:     "github.com/gyr-dev/gyr",
		Version:     "0.17.1",
		ID:          pluginID,
		EventSource: eventSource,
	}
}

// SetLogger implements [sdk.LogSetter].
func (p *plugin) SetLogger(log *slog.Logger) { p.log = log }

// InitSchema implements [sdk.SchemaProvider].
func (*plugin) InitSchema() string { return schema }

// Init implements [sdk.Initializer].
func (p *plugin) Init(text string) (err error) {
	p.config, err = parseConfig(text)
	return err
}

// Open starts a stream of the files that params names: see [plugin.openInput].
func (p *plugin) Open(params string) (event.Source, error) {
	in, err := p.openInput(params)
	if err != nil {
		return nil, err
	}
	return p.read(in, strings.HasPrefix(params, "s3://") || strings.HasPrefix(params, "sqs://")), nil
}

// Metrics implements [sdk.Metered]: what became of files and records.
func (p *plugin) Metrics() []sdk.Metric {
	list := p.counts.metrics()
	if d := p.dedup.Load(); d != nil {
		list = append(list, sdk.Counter("records_suppressed", d.Suppressed.Load()), sdk.Counter("records_forgotten", d.Evicted.Load()))
	}
	if p.usesAWS.Load() {
		p.awsCounts.Each(func(name string, n uint64) { list = append(list, sdk.Counter(name, n)) })
	}
	return list
}

// ExtractsConcurrently says yes: plans are immutable, and so is everything else that
// extraction reads.
func (*plugin) ExtractsConcurrently() bool { return true }

// Fields returns the fields. The caller does not change them.
func (*plugin) Fields() []abi.FieldInfo { return fieldInfos }

// Extract extracts one field. It plans anew for every call; hosts use Plan.
func (p *plugin) Extract(e *event.Event, req *sdk.Request, out *event.Value, mem *event.Arena) error {
	plan, err := p.Plan([]sdk.Request{*req})
	if err != nil {
		return err
	}
	var vals [1]event.Value
	err = plan.Extract(e, vals[:], mem)
	*out = vals[0]
	return err
}

// pluginError and nameError give errors of Open the forms that users know.
func pluginError(format string, args ...any) error {
	return fmt.Errorf("cloudtrail plugin error: "+format, args...)
}

func nameError(format string, args ...any) error { return fmt.Errorf("cloudtrail "+format, args...) }
