// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package loader

import (
	"bytes"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// A plugin written in Go takes signals over when it is loaded, initialised and opened.
// Afterwards they come to gyr all the same.
func TestSignalsAreTakenBack(t *testing.T) {
	ours := make(chan os.Signal, 1)
	signals := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1}
	for _, s := range signals {
		signal.Notify(ours, s)
	}
	defer signal.Stop(ours)
	var log bytes.Buffer
	m, err := Open(goLibrary(t, ".", "./testdata/thief"), slog.New(slog.NewTextHandler(&log, nil)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, m, "")
	openStream(t, p, "")
	for _, s := range signals {
		if err := syscall.Kill(syscall.Getpid(), s); err != nil {
			t.Fatal(err)
		}
		if got := <-ours; got != s { // or never, if the plugin gets it
			t.Errorf("got %v, want %v", got, s)
		}
	}
	for _, want := range []string{`signals="SIGINT SIGUSR1"`, "signals=SIGTERM", "signals=SIGHUP"} {
		if !strings.Contains(log.String(), "plugin took over signals, which are taken back") || !strings.Contains(log.String(), want) {
			t.Errorf("no word of %s in the log:\n%s", want, log.String())
		}
	}
}
