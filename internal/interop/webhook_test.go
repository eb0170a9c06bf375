// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package interop

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/gobuild"
)

const auditEvent = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"4f1c2a52","stage":"ResponseComplete",` +
	`"stageTimestamp":"2026-03-10T02:15:00.000000Z","verb":"get","user":{"username":"alice"}}`

// The webhook of the k8saudit plugin as a library answers a post when its events are dealt
// with, and not before.
func TestWebhookOfALibrary(t *testing.T) {
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := fmt.Sprintf("http://%s/k8s-audit", probe.Addr())
	if err := probe.Close(); err != nil {
		t.Fatal(err)
	}
	p := start(t, load(t, gobuild.Library(t, "k8saudit", ".", "./plugins/k8saudit/cshared")), "")
	src, err := p.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	acker, ok := src.(event.Acker)
	if !ok || acker.ReadAhead() < 1 {
		t.Fatalf("the stream is no Acker: %T", src)
	}
	answers := make(chan int, 1)
	for want, reason := range map[int]error{http.StatusOK: nil, http.StatusServiceUnavailable: errors.New("sink is down")} {
		go func() {
			resp, err := http.Post(url, "application/json", strings.NewReader(auditEvent))
			if err != nil {
				t.Error(err)
				answers <- 0
				return
			}
			_ = resp.Body.Close()
			answers <- resp.StatusCode
		}()
		b := event.NewBatch(8, event.NewArena(nil, nil))
		for len(b.Events) == 0 {
			if err := src.Next(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case status := <-answers:
			t.Errorf("answered %d before the event was dealt with", status)
		default:
		}
		acker.Ack(b.Token, reason)
		if got := <-answers; got != want {
			t.Errorf("answered %d, want %d", got, want)
		}
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
}
