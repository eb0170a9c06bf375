// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
)

// goLibrary builds a Go package in dir as a shared library.
func goLibrary(t *testing.T, dir, pkg string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "lib"+filepath.Base(t.Name())+".so")
	cmd := exec.Command("go", "build", "-buildmode=c-shared", "-o", out, pkg)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, text)
	}
	return out
}

// Two plugins that are written in Go, each with a Go runtime of its own beside ours, one
// of them with the public SDK.
func TestPluginsWrittenInGo(t *testing.T) {
	m, err := Open(goLibrary(t, "testdata/publicsdk", "."), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.New("bad"); err == nil || err.Error() != "plugin publicsdk: could not initialize plugin: a bad config" {
		t.Errorf("error = %v", err)
	}
	if m.(*module).lib.c.extract_fields_sync == nil {
		t.Error("the public SDK's way around busy-waiting is not found")
	}
	dummy, err := Open(goLibrary(t, "..", "./plugins/dummy/cshared"), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, d := start(t, m, "conf"), start(t, dummy, `{"jitter":0}`)
	// With a state that works beside it, a failed one must not be destroyed: the public SDK
	// would end the process.
	if _, err := m.New("bad"); err == nil {
		t.Error("a bad config is accepted")
	}
	s, events := openStream(t, p, fmt.Sprint(publicEvents)), openStream(t, d, `{"start":1,"maxEvents":1000}`)
	var wg sync.WaitGroup
	wg.Go(func() { readPublic(t, p, s) })
	got, err := drain(t, d, events, 128)
	if err != nil || len(got) != 1000 {
		t.Errorf("dummy: %d events, %v; want 1000", len(got), err)
	}
	wg.Wait()
}

const publicEvents = 3000

// readPublic reads all events of the plugin made with the public SDK, and their fields.
func readPublic(t *testing.T, p *plugin, s event.Source) {
	names := []string{"public.n", "public.s", "public.s[a]", "public.fail", "public.l", "public.s[b]", "public.config", "info"}
	b := newBatch(t, p, 128)
	for n := uint64(0); ; b.Release() {
		end := s.Next(context.Background(), b)
		tab := extract(t, p, b, names...)
		for i := range b.Events {
			want := []event.Value{
				event.NumValue(n), event.StringValue(fmt.Sprint(n, "/")), event.StringValue(fmt.Sprint(n, "/a")), {}, strs("a", "b"),
				event.StringValue(fmt.Sprint(n, "/b")), event.StringValue("conf"), event.StringValue("number true"),
			}
			if d := cmp.Diff(want, tab.Row(i)); d != "" {
				t.Errorf("event %d -want +got:\n%s", n, d)
				return
			}
			n++
		}
		if errors.Is(end, io.EOF) {
			if n != publicEvents {
				t.Errorf("%d events, want %d", n, publicEvents)
			}
			return
		}
		if end != nil {
			t.Error(end)
			return
		}
	}
}
