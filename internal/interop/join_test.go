// SPDX-License-Identifier: Apache-2.0

package interop

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/plugins/cloudtrail"
	jsonplugin "github.com/gyr-dev/gyr/plugins/json"
	"github.com/gyr-dev/gyr/sdk"
)

// planAll plans every field of a plugin (each with an argument that is allowed) for every
// step-th cell from first on, and returns how many cells that are.
func planAll(t *testing.T, f sdk.Factory, first, step int, args ...string) (fields.Plan, int) {
	t.Helper()
	m, err := host.Linked(f)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.New("")
	if err != nil {
		t.Fatal(err)
	}
	var wants []fields.Want
	add := func(r fields.Ref) { wants = append(wants, fields.Want{Ref: r, Cell: first + step*len(wants)}) }
	for id, info := range m.Info().Fields {
		field := &fields.Field{FieldInfo: info, ID: uint32(id), Owner: p}
		if !info.Arg.Required {
			add(fields.Ref{Field: field})
		}
		for _, a := range args {
			if info.Arg.Key {
				add(fields.Ref{Field: field, Arg: a, HasArg: true})
			}
		}
	}
	plan, err := p.Plan(wants)
	if err != nil {
		t.Fatal(err)
	}
	return plan, len(wants)
}

// TestJoinedPlansGiveTheSame compares two plugins that share a scan with each alone, with
// their cells side by side and with cells of others between them. Of damaged records a
// joined scan may find less or more, never something else.
func TestJoinedPlansGiveTheSame(t *testing.T) {
	f := func(name string, step int) {
		t.Run(name, func(t *testing.T) {
			trail, n := planAll(t, cloudtrail.New, 0, step)
			values, k := planAll(t, jsonplugin.New, n*step, step, "/eventName", "/userIdentity/type", "/requestParameters", "/x/0", "")
			compareJoined(t, trail, values, (n+k)*step)
		})
	}
	f("side by side", 1)
	f("every second cell", 2)
}

func compareJoined(t *testing.T, trail, values fields.Plan, width int) {
	t.Helper()
	both := trail.(fields.Joiner).Join(values)
	if both == nil {
		t.Fatal("the plans of cloudtrail and json cannot be joined")
	}
	b := event.NewBatch(1000, event.NewArena(nil, nil))
	r := rand.New(rand.NewPCG(4, 2))
	for _, rec := range records(t) {
		b.AddView(2, 1, rec)
		b.AddView(2, 1, append(bytes.Clone(rec), 0))
		b.AddView(2, 1, rec[:r.IntN(len(rec))])
		cut := bytes.Clone(rec)
		cut[r.IntN(len(cut))] = "{}[]\",:x"[r.IntN(8)]
		b.AddView(2, 1, cut)
	}
	var rows []int32
	for i := range b.Events {
		rows = append(rows, int32(i))
	}
	extract := func(plans ...fields.Plan) []event.Value {
		var tab fields.Table
		tab.Resize(len(rows), width)
		for _, p := range plans {
			if err := p.Extract(b, rows, &tab); err != nil {
				t.Fatal(err)
			}
		}
		return tab.Cells
	}
	apart, joined := extract(trail, values), extract(both)
	present := 0
	for i := range apart {
		if apart[i].Present {
			present++
		}
		data := bytes.TrimRight(b.Events[i/width].Data, "\x00")
		if !json.Valid(data) && !joined[i].Present {
			continue // how much of a damaged record is found depends on where one looks
		}
		if d := cmp.Diff(apart[i], joined[i]); d != "" && (apart[i].Present || json.Valid(data)) {
			t.Fatalf("event %s, cell %d (-apart +joined):\n%s", b.Events[i/width].Data, i%width, d)
		}
	}
	if present < len(rows)*10 {
		t.Errorf("only %d values in %d events: the comparison says little", present, len(rows))
	}
}

// records are events of our own with something for most fields.
func records(t *testing.T) (out [][]byte) {
	t.Helper()
	for _, name := range []string{"PutObject", "ConsoleLogin", "RunInstances", "AssumeRole"} {
		for _, extra := range []string{"", "é\"quoted\"\\"} {
			rec := map[string]any{
				"eventName": name + extra, "eventSource": "ec2.amazonaws.com", "eventType": "AwsApiCall",
				"eventTime": "2026-03-10T02:07:16Z", "awsRegion": "eu-west-1", "sourceIPAddress": "192.0.2.7",
				"userIdentity":      map[string]any{"type": "IAMUser", "userName": "deploy-bot" + extra, "accountId": "111122223333"},
				"requestParameters": map[string]any{"bucketName": "logs", "key": "a/b" + extra, "name": []int{1, 2}},
				"responseElements":  nil,
				"readOnly":          false, "x": []any{map[string]any{"y": 1.5}},
				"additionalEventData": map[string]any{"bytesTransferredIn": 10.0, "bytesTransferredOut": 4},
			}
			text, err := json.Marshal(rec)
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				out = append(out, text)
			}
		}
	}
	return out
}
