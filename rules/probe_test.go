// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/fields"
)

// probe stands for the plugin that the corpora were recorded with: a source of events with a
// field of every type.
type probe struct{}

func (probe) Plan(wants []fields.Want) (fields.Plan, error) { return probePlan(wants), nil }

var (
	keyArg      = abi.FieldArg{Required: true, Key: true}
	probeFields = []abi.FieldInfo{
		{Name: "probe.s", Type: abi.String},
		{Name: "probe.t", Type: abi.String},
		{Name: "probe.n", Type: abi.Uint64},
		{Name: "probe.m", Type: abi.Uint64},
		{Name: "probe.b", Type: abi.Bool},
		{Name: "probe.rel", Type: abi.RelTime},
		{Name: "probe.abs", Type: abi.AbsTime},
		{Name: "probe.ip", Type: abi.IPAddr},
		{Name: "probe.net", Type: abi.IPNet},
		{Name: "probe.ss", Type: abi.String, List: true},
		{Name: "probe.ns", Type: abi.Uint64, List: true},
		{Name: "probe.ips", Type: abi.IPAddr, List: true},
		{Name: "probe.key", Type: abi.String, Arg: keyArg},
		{Name: "probe.idx", Type: abi.String, Arg: abi.FieldArg{Required: true, Index: true}},
		{Name: "probe.opt", Type: abi.String, Arg: abi.FieldArg{Key: true}},
		{Name: "probe.nkey", Type: abi.Uint64, Arg: keyArg},
		{Name: "probe.sskey", Type: abi.String, List: true, Arg: keyArg},
	}
)

func probeCatalogue(tb testing.TB) *fields.Catalogue {
	tb.Helper()
	c := fields.NewCatalogue()
	generic := &fields.Generic{Hostname: "conformance", Plugins: map[uint32]string{999: "probe"}}
	for _, f := range generic.Fields(probe{}) {
		if err := c.AddField("probe", f); err != nil {
			tb.Fatal(err)
		}
	}
	if err := c.Add("probe", "probe", probe{}, probeFields); err != nil {
		tb.Fatal(err)
	}
	return c
}

// versions are the versions of Falco, each with the folder of what it was recorded to say.
var versions = map[compat.Version]string{compat.V045: "testdata/0.45", compat.V044: "testdata"}

func probeOptions(tb testing.TB) Options { return probeOptionsAs(tb, compat.V045) }

func probeOptionsAs(tb testing.TB, v compat.Version) Options {
	return Options{
		Falco:     v,
		Catalogue: probeCatalogue(tb), Plugins: []PluginVersion{{"probe", "1.2.3", "probe"}},
		MinPriority: alert.Debug, ISO8601: true, SchemaCheck: true,
	}
}

func readGzip(tb testing.TB, path string, to any) {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(to); err != nil {
		tb.Fatal(err)
	}
}
