// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cbuild"
)

// A field that fails is counted for each event, with the plugin's own words, whatever else
// the call asks for; what the log gets is not the plugin's log.
func TestFailuresOfALibrary(t *testing.T) {
	var plugin, report bytes.Buffer
	m, err := Open(cbuild.Library(t, "probe.c"), slog.New(slog.NewTextHandler(&plugin, nil)), Options{Report: slog.New(slog.NewTextHandler(&report, nil))})
	if err != nil {
		t.Fatal(err)
	}
	p, b := probeBatchOf(t, m, strings.Repeat("s=a\tt=!fail\tn=3\tkey.a=!fail\tkey.b=B\n", 3)+"s=!fail\tn=1\n")
	extract(t, p, b, "probe.s", "probe.t", "probe.n", "probe.key[a]", "probe.key[b]")
	failure := func(field string, n uint64) host.Failure {
		why := strings.TrimPrefix(field, "probe.") + " fails on this event"
		return host.Failure{Kind: host.FailExtract, Field: field, Count: n, First: why, Last: why}
	}
	want := []host.Failure{failure("probe.t", 3), failure("probe.key", 3), failure("probe.s", 1)}
	if d := cmp.Diff(want, p.Failures().All()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if n := strings.Count(report.String(), "fails on this event"); n != 3 || plugin.Len() > 0 {
		t.Errorf("%d reports, want 3:\n%sthe plugin's log:\n%s", n, report.String(), plugin.String())
	}
}
