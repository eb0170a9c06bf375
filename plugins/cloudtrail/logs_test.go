// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sampleRecords returns the records of testdata/records.json, compact.
func sampleRecords(tb testing.TB) []string {
	tb.Helper()
	data, err := os.ReadFile("testdata/records.json")
	if err != nil {
		tb.Fatal(err)
	}
	var file struct{ Records []json.RawMessage }
	if err := json.Unmarshal(data, &file); err != nil {
		tb.Fatal(err)
	}
	var list []string
	for _, r := range file.Records {
		var b bytes.Buffer
		if err := json.Compact(&b, r); err != nil {
			tb.Fatal(err)
		}
		list = append(list, b.String())
	}
	return list
}

// repeat returns n records, those of list over and over.
func repeat(list []string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = list[i%len(list)]
	}
	return out
}

// small returns a record that the plugin takes, with an id.
func small(id int) string {
	return `{"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsApiCall","eventID":"` + strconv.Itoa(id) + `"}`
}

func logText(records ...string) string {
	return `{"Records":[` + strings.Join(records, ",") + `]}`
}

func gzipped(tb testing.TB, text string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// writeFile writes a file into a folder, which is made if there is none.
func writeFile(tb testing.TB, dir, name string, data []byte) {
	tb.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		tb.Fatal(err)
	}
}

// writeLog writes a log file of records, compressed if its name says so.
func writeLog(tb testing.TB, dir, name string, records ...string) {
	tb.Helper()
	data := []byte(logText(records...))
	if strings.HasSuffix(name, ".gz") {
		data = gzipped(tb, string(data))
	}
	writeFile(tb, dir, name, data)
}

// stream is an open stream with its plugin.
type stream struct {
	event.Source
	p *plugin
}

// open opens a stream whose log goes to the returned buffer, which may be read once the
// stream is closed.
func open(tb testing.TB, params string) (*stream, *bytes.Buffer) {
	tb.Helper()
	var text bytes.Buffer
	p := New().(*plugin)
	p.SetLogger(slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err := p.Init(""); err != nil {
		tb.Fatal(err)
	}
	s, err := p.Open(params)
	if err != nil {
		tb.Fatal(err)
	}
	return &stream{s, p}, &text
}

// readAll reads a stream to its end in batches of max events and returns the payloads.
func readAll(tb testing.TB, s event.Source, max int) (out []string) {
	tb.Helper()
	b := event.NewBatch(max, event.NewArena(nil, nil))
	for {
		err := s.Next(context.Background(), b)
		if len(b.Events) > max {
			tb.Fatalf("got %d events in a batch, want at most %d", len(b.Events), max)
		}
		for _, e := range b.Events {
			if e.Type != abi.PluginEvent {
				tb.Fatalf("got event of type %d", e.Type)
			}
			out = append(out, string(e.Data))
		}
		b.Release()
		if err == io.EOF {
			return out
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
}

func recordEvent(text string) *event.Event {
	return &event.Event{Type: abi.PluginEvent, PluginID: pluginID, Data: []byte(text)}
}

// requestOf parses name or name[index].
func requestOf(tb testing.TB, text string) sdk.Request {
	tb.Helper()
	name, arg, hasArg := strings.Cut(text, "[")
	for i := range fields {
		if fields[i].Name != name {
			continue
		}
		r := sdk.Request{Field: i, Info: &fields[i].FieldInfo, HasArg: hasArg}
		if hasArg {
			n, err := strconv.ParseUint(strings.TrimSuffix(arg, "]"), 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			r.ByIndex, r.Index = true, n
		}
		return r
	}
	tb.Fatalf("no field %s", name)
	return sdk.Request{}
}

func planOf(tb testing.TB, names ...string) (plan sdk.Plan, width int) {
	tb.Helper()
	var reqs []sdk.Request
	for _, n := range names {
		reqs = append(reqs, requestOf(tb, n))
	}
	plan, err := New().(sdk.Planner).Plan(reqs)
	if err != nil {
		tb.Fatal(err)
	}
	return plan, len(reqs)
}
