// SPDX-License-Identifier: Apache-2.0

// Package k8saudit is the k8saudit plugin: it receives the audit events of Kubernetes API
// servers, or reads them from files, and extracts fields from them. The README beside this
// file describes its configuration and its fields.
//
//	webhook.go   bodies that API servers post, received by package listen
//	files.go     files and folders
//	body.go      bodies and files are split into events, whose times are read on the way
//	fields.go    what each field is made of; containers.go, lists.go, texts.go make them
//	plan.go      all wanted fields of an event, in one pass over its bytes
package k8saudit

import (
	"log/slog"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

const (
	pluginID    = 1
	eventSource = "k8s_audit"
)

// New returns a new state of the plugin.
func New() sdk.Plugin {
	return &plugin{config: defaults, log: slog.New(slog.DiscardHandler)}
}

type plugin struct {
	config settings
	log    *slog.Logger
	counts counters // of all streams
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
		Name:        "k8saudit",
		Description: "receives the audit events of Kubernetes",
		Contact:     "github.com/gyr-dev/gyr",
		Version:     "0.18.0",
		ID:          pluginID,
		EventSource: eventSource,
	}
}

// SetLogger implements [sdk.LogSetter].
func (p *plugin) SetLogger(log *slog.Logger) { p.log = log }

// InitSchema implements [sdk.SchemaProvider].
func (*plugin) InitSchema() string { return schema }

// Init implements [sdk.Initializer].
func (p *plugin) Init(config string) error { return sdk.DecodeConfig(config, &p.config) }

// Metrics implements [sdk.Metered].
func (p *plugin) Metrics() []sdk.Metric { return p.counts.metrics() }

// AppendString implements [sdk.Stringer]: the text of an event is its payload.
func (*plugin) AppendString(dst []byte, e *event.Event) ([]byte, error) {
	return append(dst, e.Data...), nil
}

// ExtractsConcurrently says yes: plans are immutable.
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
