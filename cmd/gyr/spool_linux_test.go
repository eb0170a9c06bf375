// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// shop is an HTTP server that keeps what it gets, and fails a share of the requests.
type shop struct {
	mu    sync.Mutex
	rnd   *rand.Rand
	share float64
	got   map[int]int // how often by number
	all   int

	target  int
	reached chan struct{}
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rnd.Float64() < s.share {
		switch s.rnd.IntN(5) {
		case 0:
			w.WriteHeader(500)
		case 1:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(503)
		case 2:
			w.WriteHeader(429)
		default:
			panic(http.ErrAbortHandler) // closes the connection
		}
		return
	}
	n, _ := strconv.Atoi(string(b[bytes.LastIndexByte(b, '=')+1:]))
	s.got[n]++
	if s.all++; s.all == s.target {
		close(s.reached)
	}
}

// when returns a channel that is closed when so many alerts have arrived.
func (s *shop) when(n int) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.target, s.reached = n, make(chan struct{})
	if s.all >= n {
		close(s.reached)
	}
	return s.reached
}

// kills is how often gyr is killed, of so many alerts each.
const (
	kills     = 12
	perKill   = 300
	allAlerts = kills*perKill + 400
)

// spooled returns gyr with the source ledger, a spool in dir and an HTTP output.
func spooled(t *testing.T, dir, url string) *exec.Cmd {
	t.Helper()
	cmd, own := process(t, "1", "")
	rules, conf := filepath.Join(own, "r.yaml"), filepath.Join(own, "c.yaml")
	write(t, rules, "- {rule: r, desc: d, condition: evt.num > 0, output: o=%evt.plugininfo, priority: INFO, source: ledger}\n")
	write(t, conf, fmt.Sprintf(`
plugins: [{name: ledger, library_path: libledger.so, open_params: '%s %d'}]
rules_files: [%s]
log_stderr: true
log_syslog: false
spool: {path: %s/spool}
http_output: {enabled: true, keep_alive: true, url: '%s'}
`, dir, allAlerts, rules, dir, url))
	return cmd
}

// TestKillWithASpool: however often gyr is killed, and whatever share of requests the server fails,
// the alert of every event arrives; more than once only if the source had to give the event
// again, or the kill came between the answer of the server and the next alert.
func TestKillWithASpool(t *testing.T) {
	s := &shop{rnd: rand.New(rand.NewPCG(1, 2)), share: 0.3, got: map[int]int{}}
	srv := httptest.NewUnstartedServer(s)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // of closed connections
	srv.Start()
	defer srv.Close()
	dir := t.TempDir()
	var stderr bytes.Buffer
	for k := range kills + 1 {
		cmd := spooled(t, dir, srv.URL)
		stderr.Reset()
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		if k < kills {
			select {
			case <-s.when((k+1)*perKill + (k*37)%(perKill/2)):
			case <-ended:
				t.Fatalf("gyr ended before it was killed:\n%s", stderr.String())
			}
			_ = cmd.Process.Kill()
		}
		if err := <-ended; k == kills && err != nil {
			t.Fatalf("%v:\n%s", err, stderr.String())
		}
	}
	given, err := os.ReadFile(filepath.Join(dir, "given"))
	if err != nil {
		t.Fatal(err)
	}
	again := bytes.Count(given, []byte("\n")) - allAlerts
	if len(s.got) != allAlerts {
		t.Errorf("%d alerts arrive, want %d:\n%s", len(s.got), allAlerts, stderr.String())
	}
	if more := s.all - allAlerts - again; more > 2*kills {
		t.Errorf("%d alerts arrive more often than the source gave them, want at most two for each of %d kills", more, kills)
	}
	t.Logf("%d alerts, %d given again by the source, %d arrive again", allAlerts, again, s.all-allAlerts)
}

// What a server does not take before the end is kept, and delivered by the next start.
func TestSpoolKeepsWhatIsNotDelivered(t *testing.T) {
	dir := t.TempDir()
	s := &shop{rnd: rand.New(rand.NewPCG(1, 2)), got: map[int]int{}}
	srv := httptest.NewServer(s)
	defer srv.Close()
	for _, c := range []struct{ url, want string }{
		{"http://127.0.0.1:1/", fmt.Sprintf("output http: 0 alerts delivered, 0 lost (0 of them refused), 0 dropped, N retried, %d kept in the spool", allAlerts)},
		{srv.URL, ""},
	} {
		cmd := spooled(t, dir, c.url)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v:\n%s", err, out)
		}
		before, after, _ := strings.Cut(c.want, "N")
		if !bytes.Contains(out, []byte(before)) || !bytes.Contains(out, []byte(after)) {
			t.Errorf("the log has no %q:\n%s", c.want, out)
		}
	}
	if len(s.got) != allAlerts || s.all != allAlerts {
		t.Errorf("%d alerts arrive, %d of them different; want %d", s.all, len(s.got), allAlerts)
	}
}
