// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/gobuild"
)

// TestBarsIdle has gyr wait for events that do not come.
func TestBarsIdle(t *testing.T) {
	needBars(t)
	if runtime.GOOS != "linux" {
		t.Skip("reads the time of threads from /proc")
	}
	config := setup{
		plugin: "kitchen", open: "wait", rules: []byte(kitchenRule),
		library: gobuild.Library(t, "kitchen", ".", "./sdk/cshared/testdata/kitchen"),
	}.write(t)
	cmd := exec.Command(must(t, program), "-c", config)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const begin, long = 3 * time.Second, 10 * time.Second
	<-time.After(begin)
	before := busy(t, cmd.Process.Pid)
	<-time.After(long)
	used := busy(t, cmd.Process.Pid) - before
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	atMost(t, "percent of a processor that an idle gyr takes", 100*used.Seconds()/long.Seconds(), 0.1)
}

const kitchenRule = `
- rule: any
  desc: Matches every event.
  condition: evt.num > 0
  output: event
  priority: NOTICE
  source: kitchen
`

// busy is how long the threads of a process have run so far.
func busy(t *testing.T, pid int) (sum time.Duration) {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		t.Fatalf("no threads: %v", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var ran time.Duration
		if _, err := fmt.Sscan(string(text), &ran); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		sum += ran
	}
	return sum
}
