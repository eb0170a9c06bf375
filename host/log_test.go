// SPDX-License-Identifier: Apache-2.0

package host

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// Messages of a linked-in plugin begin with its name, whatever is made of the logger.
func TestNamed(t *testing.T) {
	var text bytes.Buffer
	log := named(slog.New(slog.NewTextHandler(&text, nil)), "tally")
	log.Info("one")
	log.With("a", 1).WithGroup("g").Warn("two", "b", 2)
	for _, want := range []string{`msg="tally: one"`, `msg="tally: two" a=1 g.b=2`} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("got %s, want %s", text.String(), want)
		}
	}
	if strings.Count(text.String(), "tally") != 2 {
		t.Errorf("the name is there more than once: %s", text.String())
	}
}
