// SPDX-License-Identifier: Apache-2.0

// Package json is the json plugin: it extracts values from events whose payload is JSON,
// of any event source. The README beside this file describes its fields.
//
// The payload must start with { or [. All values that rules want are found in one pass;
// see package jsonscan for what happens with text that is not JSON.
package json

import (
	"errors"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// New returns a new state of the plugin.
func New() sdk.Plugin { return &plugin{config: defaults} }

type plugin struct{ config settings }

var (
	_ sdk.Planner        = (*plugin)(nil)
	_ sdk.Extractor      = (*plugin)(nil)
	_ sdk.Concurrent     = (*plugin)(nil)
	_ sdk.SchemaProvider = (*plugin)(nil)
	_ sdk.Initializer    = (*plugin)(nil)
)

func (*plugin) Info() sdk.Info {
	return sdk.Info{
		Name:        "json",
		Description: "extracts values from events that are JSON",
		Contact:     "github.com/gyr-dev/gyr",
		Version:     "0.7.4",
	}
}

// settings is the configuration: the one setting that other builds of the plugin have.
// Keys that they may have besides are accepted.
type settings struct {
	UseAsync bool `json:"useAsync" desc:"Accepted and without effect: extraction needs no thread of its own."`

	_ struct{} `unknownKeys:"allowed"`
}

var (
	defaults = settings{UseAsync: true}
	schema   = sdk.Schema(defaults)
)

// InitSchema implements [sdk.SchemaProvider].
func (*plugin) InitSchema() string { return schema }

// Init implements [sdk.Initializer].
func (p *plugin) Init(config string) error { return sdk.DecodeConfig(config, &p.config) }

// ExtractsConcurrently says yes: plans are immutable.
func (*plugin) ExtractsConcurrently() bool { return true }

// The kinds of fields. Each has two names.
const (
	fieldValue = iota
	fieldObj
	fieldRawtime
	kinds
)

var fields = []abi.FieldInfo{
	{Name: "json.value", Type: abi.String, Arg: abi.FieldArg{Required: true, Key: true}, Display: "JSON Value",
		Desc: "The value at a JSON pointer (RFC 6901), as in json.value[/user/name]. Strings come without quotes, everything else as compact JSON."},
	{Name: "json.obj", Type: abi.String, Display: "JSON Text",
		Desc: "The whole event as indented JSON."},
	{Name: "json.rawtime", Type: abi.String, Display: "Raw Time",
		Desc: "The time of the event in nanoseconds since the epoch, as evt.rawtime."},
	{Name: "jevt.value", Type: abi.String, Arg: abi.FieldArg{Required: true, Key: true}, Display: "JSON Value",
		Desc: "The older name of json.value."},
	{Name: "jevt.obj", Type: abi.String, Display: "JSON Text",
		Desc: "The older name of json.obj."},
	{Name: "jevt.rawtime", Type: abi.String, Display: "Raw Time",
		Desc: "The older name of json.rawtime."},
}

// Fields returns the fields. The caller does not change them.
func (*plugin) Fields() []abi.FieldInfo { return fields }

var (
	errNotPlugin = errors.New("not an event of a plugin")
	errNotJSON   = errors.New("event is not JSON")
)

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
