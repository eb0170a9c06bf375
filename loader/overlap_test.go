// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/cbuild"
)

// A plugin whose results lie in one place has the right values all the same, in every order
// of the fields, and the log says once that it is so.
func TestResultsInTheSameMemory(t *testing.T) {
	want := map[string]event.Value{
		"shared.a": event.StringValue("ay"), "shared.b": event.StringValue("bee"), "shared.n": event.NumValue(7),
		"shared.list": event.ListValue([]event.Value{event.NumValue(1), event.NumValue(2), event.NumValue(3)}),
	}
	for mode, blames := range map[string]bool{"pointer": true, "text": true, "list": true, "none": false} {
		var log bytes.Buffer
		m, err := Open(cbuild.Library(t, "shared.c"), slog.New(slog.NewTextHandler(&log, nil)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := start(t, m, mode)
		b := newBatch(t, p, 5)
		if err := openStream(t, p, "").Next(context.Background(), b); err != nil {
			t.Fatal(err)
		}
		for _, order := range [][]string{
			{"shared.a"}, {"shared.a", "shared.b", "shared.n", "shared.list"}, {"shared.list", "shared.n", "shared.b", "shared.a"},
		} {
			table := extract(t, p, b, order...)
			for i := range b.Events {
				for cell, name := range order {
					if d := cmp.Diff(want[name], table.Row(i)[cell]); d != "" {
						t.Errorf("%s, event %d, %s of %v: -want +got:\n%s", mode, i, name, order, d)
					}
				}
			}
		}
		n := strings.Count(log.String(), "shares memory with another field: the plugin is asked for one field at a time from now on")
		if (n == 1) != blames || n > 1 {
			t.Errorf("%s: the log says so %d times:\n%s", mode, n, log.String())
		}
	}
}
