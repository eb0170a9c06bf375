// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/spool"
)

// TestEndWithAFullSpool: after a signal nobody waits for room that an output does not make.
func TestEndWithAFullSpool(t *testing.T) {
	mute, err := net.Listen("tcp", "127.0.0.1:0") // accepts and does not answer
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	cfg := &config.Config{
		OutputTimeout: 50 * time.Millisecond,
		Spool:         config.Spool{Path: filepath.Join(t.TempDir(), "spool"), MaxSize: 1 << 20},
		Outputs: config.Outputs{HTTP: config.HTTPOutput{
			Enabled: true, URL: "http://" + mute.Addr().String(), Timeout: time.Hour,
		}},
	}
	out, err := openOutputs(cfg, io.Discard, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error)
	go func() {
		alerts := []alert.Alert{{Line: make([]byte, 10_000)}}
		for failed := false; !failed; {
			done := make(chan error, 1)
			out.sink.Write(alerts, func(err error) { done <- err })
			if err := <-done; err != nil {
				failed = true
				refused <- err
			}
		}
	}()
	out.end(time.Hour)
	if err := <-refused; !errors.Is(err, spool.ErrClosed) {
		t.Errorf("an alert without room: %v, want %v", err, spool.ErrClosed)
	}
	if err := out.close(); err == nil {
		t.Error("close does not tell of the alert that was not stored")
	}
	if n := out.spool.s.Counts().Queued["http"]; n < 50 {
		t.Errorf("%d alerts kept, want those that were stored", n)
	}
}
