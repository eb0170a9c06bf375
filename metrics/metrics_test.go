// SPDX-License-Identifier: Apache-2.0

package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

func TestSnapshotsComeOncePerInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var file bytes.Buffer
		var sent []alert.Alert
		r := New(Options{
			Interval: time.Second, File: &file, Send: func(a alert.Alert) { sent = append(sent, a) },
			Collect: func(source string, f *Fields) {
				f.Set("z", -1)
				f.Set("a", uint32(7))
				f.Set("a", 1.5)
				f.SetFull("zero", uint64(0))
				f.Set("odd", struct{}{})
			},
		})
		one, two := r.Source("one"), r.Source("two")
		poll := func(after time.Duration, samples string) {
			t.Helper()
			time.Sleep(after)
			file.Reset()
			one.Poll()
			two.Poll()
			var got []string
			for line := range strings.Lines(file.String()) {
				at := time.Now().UnixNano()
				i := strings.LastIndex(line, ":")
				source := "one"
				if len(got) == 1 {
					source = "two"
				}
				if want := fmt.Sprintf(`{"output_fields":{"a":1.5,"evt.source":"%s","evt.time":%d,"z":-1},"sample"`, source, at); line[:i] != want {
					t.Errorf("got %s\nwant %s", line[:i], want)
				}
				got = append(got, strings.TrimSpace(line[i+1:]))
			}
			if s := strings.Join(got, " "); s != samples {
				t.Errorf("after %v: samples %q, want %q", after, s, samples)
			}
		}
		poll(0, "")
		poll(999*time.Millisecond, "")
		poll(time.Millisecond, "1}"+" 1}")
		poll(900*time.Millisecond, "")
		poll(time.Second, "2} 2}")          // 0.9 s late
		poll(100*time.Millisecond, "3} 3}") // which the next one is not
		poll(10*time.Second, "4} 4}")       // what was missed is not made up for
		if len(sent) != 8 || sent[7].Rule != Rule || sent[7].Source != "internal" || !strings.Contains(string(sent[7].Line), "Informational Falco metrics snapshot (a=1.5 evt.source=\"two\"") {
			t.Errorf("%d alerts, the last is %+v", len(sent), sent[len(sent)-1])
		}
	})
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAFileThatFailsIsReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		r := New(Options{
			Interval: time.Second, File: broken{}, Empty: true, Log: slog.New(slog.NewTextHandler(&log, nil)),
			Collect: func(string, *Fields) {},
		})
		s := r.Source("one")
		for range 3 {
			time.Sleep(time.Second)
			s.Poll()
		}
		if n := strings.Count(log.String(), "disk full"); n != 1 {
			t.Errorf("%d lines, want 1: %s", n, log.String())
		}
	})
}

func TestNames(t *testing.T) {
	f := func(name, want string) {
		t.Helper()
		if got := Clean(name); got != want {
			t.Errorf("Clean(%q) = %q, want %q", name, got, want)
		}
	}
	f("falco_rules.yaml", "falco_rules_yaml")
	f("Console Login (no MFA)", "Console_Login_no_MFA")
	f("a:b-__-c", "a:b_c")
}

func TestResources(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("this system has no /proc")
	}
	for _, inMB := range []bool{true, false} {
		f := &Fields{empty: true}
		Resources(f, time.Now().Add(-time.Hour), inMB)
		Host(f)
		got := map[string]alert.Value{}
		for _, v := range f.sorted() {
			got[v.Name] = v
		}
		suffix, rss := "_kb", float64(got["falco.memory_rss_kb"].Uint)/1024
		if inMB {
			suffix, rss = "_mb", got["falco.memory_rss_mb"].Num
		}
		if rss < 1 || rss > 10000 {
			t.Errorf("the process has %v MB", rss)
		}
		for _, name := range []string{"falco.memory_vsz" + suffix, "falco.memory_pss" + suffix, "falco.host_memory_used" + suffix,
			"falco.cpu_usage_perc", "falco.host_cpu_usage_perc", "falco.host_procs_running", "falco.host_open_fds", "falco.kernel_release", "falco.host_boot_ts"} {
			if _, ok := got[name]; !ok {
				t.Errorf("no field %s", name)
			}
		}
	}
}
