// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/host"
)

// probeBatch reads the lines as events of the probe plugin, which behaves as plugins
// built with the public SDKs do: shared result buffers, failing in the middle, caching
// the event by its number.
func probeBatch(t *testing.T, lines string) (*plugin, *event.Batch) {
	t.Helper()
	return probeBatchOf(t, load(t, "probe.c"), lines)
}

func probeBatchOf(t *testing.T, m host.Module, lines string) (*plugin, *event.Batch) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.txt")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, m, "")
	s := openStream(t, p, file)
	b := newBatch(t, p, 128)
	if err := s.Next(context.Background(), b); err != nil && len(b.Events) == 0 {
		t.Fatal(err)
	}
	return p, b
}

func addr(s string) event.Value { return event.StringValue(string(netip.MustParseAddr(s).AsSlice())) }

func strs(list ...string) event.Value {
	var v []event.Value
	for _, s := range list {
		v = append(v, event.StringValue(s))
	}
	return event.ListValue(v)
}

func TestProbeFieldsOfEveryType(t *testing.T) {
	p, b := probeBatch(t, "s=a\tt=\tn=7\tb=true\trel=5\tabs=6\tip=10.0.0.1\tnet=::1\tss=x|y|z\tns=1|2\tips=1.2.3.4|::2\tkey.k=kv\tkey.l=lv\tnkey.q=9\tsskey.r=u|v\n"+
		"s=second\tss=\n")
	names := []string{
		"probe.s", "probe.t", "probe.n", "probe.m", "probe.b", "probe.rel", "probe.abs", "probe.ip", "probe.net", "probe.ss", "probe.ns", "probe.ips",
		"probe.key[k]", "probe.key[l]", "probe.key[none]", "probe.idx[0]", "probe.idx[2]", "probe.opt", "probe.opt[o]", "probe.nkey[q]", "probe.sskey[r]",
	}
	got := extract(t, p, b, names...)
	none := event.Value{}
	want := [][]event.Value{{
		event.StringValue("a"), event.StringValue(""), event.NumValue(7), none, event.BoolValue(true), event.NumValue(5), event.NumValue(6),
		addr("10.0.0.1"), addr("::1"), strs("x", "y", "z"), event.ListValue([]event.Value{event.NumValue(1), event.NumValue(2)}),
		event.ListValue([]event.Value{addr("1.2.3.4"), addr("::2")}),
		event.StringValue("kv"), event.StringValue("lv"), none, event.StringValue("x"), event.StringValue("z"), event.StringValue("a"), none, event.NumValue(9), strs("u", "v"),
	}, {
		event.StringValue("second"), none, none, none, none, none, none, none, none, none, none, none,
		none, none, none, none, none, event.StringValue("second"), none, none, none,
	}}
	for row := range want {
		for i, name := range names {
			if d := cmp.Diff(want[row][i], got.Row(row)[i]); d != "" {
				t.Errorf("event %d, %s (-want +got):\n%s", row, name, d)
			}
		}
	}
}

func TestProbeFailureCostsOnlyTheFieldThatFails(t *testing.T) {
	p, b := probeBatch(t, "s=a\tt=!fail\tn=3\tkey.a=!fail\tkey.b=B\n")
	got := extract(t, p, b, "probe.s", "probe.t", "probe.n", "probe.key[a]", "probe.key[b]").Row(0)
	want := []event.Value{event.StringValue("a"), {}, event.NumValue(3), {}, event.StringValue("B")}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestProbeTextComesLastAndSpoilsNothing(t *testing.T) {
	p, b := probeBatch(t, "s=a\ns=b\ns=c\n")
	for range 3 {
		got := extract(t, p, b, "info", "probe.s")
		for i, s := range []string{"a", "b", "c"} {
			want := []event.Value{event.StringValue("s=" + s), event.StringValue(s)}
			if d := cmp.Diff(want, got.Row(i)); d != "" {
				t.Errorf("event %d -want +got:\n%s", i, d)
			}
		}
	}
}
