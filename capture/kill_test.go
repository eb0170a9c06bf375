// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

const killEnv = "CAPTURE_TEST_RECORD"

// killMessage is the size of a message of the recorder, most of it padding: the pipe holds
// few of them, so that the recorder waits for who reads them instead of filling the disk
// while the machine is busy with other things.
const killMessage = 8 << 10

// recordAndDie is the process that gets killed: it records without end and tells through
// its standard output, after each flush, how many events are in the file.
func recordAndDie() bool {
	path, ok := os.LookupEnv(killEnv)
	if !ok {
		return false
	}
	w, err := Create(path, WriterOptions{Gzip: strings.HasSuffix(path, ".gz"), Header: testHeader, Plugins: testPlugins})
	if err != nil {
		panic(err)
	}
	message := make([]byte, killMessage)
	w.flushed = func(n uint64) {
		binary.LittleEndian.PutUint64(message, n)
		_, _ = os.Stdout.Write(message)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := uint64(1); ; i++ {
		e := killEvent(i, rnd)
		if err := w.Write("dummy", &e); err != nil {
			panic(err)
		}
	}
}

// killEvent is the i-th event; its size varies.
func killEvent(i uint64, rnd *rand.Rand) event.Event {
	return plugin(3, i, fmt.Sprintf("event %d %0*d", i, 1+rnd.IntN(300), i))
}

func TestKill(t *testing.T) {
	rounds := 200
	if testing.Short() {
		rounds = 10
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	torn := 0
	for _, name := range []string{"f.scap", "f.scap.gz"} {
		for round := range rounds {
			path := filepath.Join(dir, name)
			flushed := recordUntilKilled(t, exe, path, round%12)
			if checkKilled(t, path, flushed) {
				torn++
			}
		}
	}
	t.Logf("%d files ended within a block", torn)
}

// recordUntilKilled kills the recorder after n flushes (0: at once) and returns how many
// events it said were flushed.
func recordUntilKilled(t *testing.T, exe, path string, n int) uint64 {
	t.Helper()
	_ = os.Remove(path)
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), killEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pipe := bufio.NewReaderSize(out, killMessage)
	message := make([]byte, killMessage)
	var last uint64
	next := func() bool {
		if _, err := io.ReadFull(pipe, message); err != nil {
			return false
		}
		last = binary.LittleEndian.Uint64(message)
		return true
	}
	for range n {
		if !next() {
			t.Fatal("the recorder ended by itself")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for next() { // what it told before it died
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the recorder was not killed")
	}
	return last
}

// checkKilled checks that the file opens and has all flushed events, in order, and reports
// whether it has a torn tail.
func checkKilled(t *testing.T, path string, flushed uint64) bool {
	t.Helper()
	if _, err := os.Stat(path); os.IsNotExist(err) && flushed == 0 {
		return false // killed before it came to create the file
	}
	r, err := Open(path, ReaderOptions{})
	if err != nil {
		t.Fatalf("after %d flushed events: %v", flushed, err)
	}
	defer r.Close()
	events, err := drain(r)
	if err != nil {
		t.Fatalf("after %d flushed events: %v", flushed, err)
	}
	if uint64(len(events)) < flushed {
		t.Fatalf("%s: got %d events, %d were flushed (tail: %v)", path, len(events), flushed, r.Tail())
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range events {
		want := killEvent(uint64(i+1), rnd)
		if events[i].Data != string(want.Data) || events[i].Num != uint64(i+1) {
			t.Fatalf("%s: event %d is %+v", path, i+1, events[i])
		}
	}
	return r.Tail() != nil && r.Tail().Rest > 0
}
