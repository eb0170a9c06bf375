// SPDX-License-Identifier: Apache-2.0

package falcolog

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// gate is a stream that nobody reads until it is opened.
type gate struct {
	open chan struct{}
	b    bytes.Buffer
}

func (g *gate) Write(p []byte) (int, error) {
	<-g.open
	return g.b.Write(p)
}

// A stream that nobody reads holds up the first line for a second, and no other. When
// somebody reads again, the lines that found no room are counted.
func TestBlockedStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{open: make(chan struct{})}
		l := New(g, Options{})
		start := time.Now()
		for i := range 3000 {
			l.Info(fmt.Sprint("line ", i))
		}
		if took := time.Since(start); took != patience {
			t.Errorf("3000 lines took %v, want %v", took, patience)
		}
		close(g.open)
		synctest.Wait()
		l.Info("last")
		lines := strings.Split(strings.TrimSuffix(g.b.String(), "\n"), "\n")
		if n := len(lines); n != 1+maxWaiting+2 {
			t.Fatalf("%d lines, want the first, %d that waited and two more", n, maxWaiting)
		}
		for i, want := range map[int]string{
			0: "line 0", maxWaiting: fmt.Sprint("line ", maxWaiting),
			maxWaiting + 1: fmt.Sprint(3000-1-maxWaiting, " lines of the log are lost: nobody read them"), maxWaiting + 2: "last",
		} {
			if !strings.HasSuffix(lines[i], ": "+want) {
				t.Errorf("line %d is %q, want %q", i, lines[i], want)
			}
		}
		start = time.Now()
		if l.Info("at once"); time.Since(start) != 0 || !strings.HasSuffix(g.b.String(), ": at once\n") {
			t.Error("a stream that is read again is not written at once")
		}
	})
}
