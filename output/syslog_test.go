// SPDX-License-Identifier: Apache-2.0

//go:build unix

package output

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// listenSyslog listens as a local syslog does.
func listenSyslog(t *testing.T, path string) *net.UnixConn {
	t.Helper()
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func datagram(t *testing.T, conn net.Conn) string {
	t.Helper()
	buf := make([]byte, 1<<16)
	n, err := conn.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n])
}

func TestSyslog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	conn := listenSyslog(t, path)
	s := &Syslog{tag: "gyr", sockets: []string{"/no/such/socket", path}}
	alerts := batch("first", "50%s off", "last")
	alerts[0].Priority, alerts[1].Priority, alerts[2].Priority = alert.Emergency, alert.Warning, alert.Debug+1
	if err := all(s, alerts); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<8>`, `<12>`, `<15>`} {
		line := datagram(t, conn)
		pattern := `^` + want + `[A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d gyr\[\d+\]: (first|50%s off|last)\n$`
		if !regexp.MustCompile(pattern).MatchString(line) {
			t.Errorf("got %q, want %s", line, pattern)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A syslog that goes away and comes back gets everything it could take.
func TestSyslogComesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	q := NewQueue(&Syslog{tag: "gyr", sockets: []string{path}}, Options{Log: quiet(), Timeout: 30 * time.Second})
	q.Write(batch("a"), nothing) // before it is there
	for _, line := range []string{"a", "b", "c"} {
		conn := listenSyslog(t, path)
		if got := datagram(t, conn); !strings.HasSuffix(got, ": "+line+"\n") {
			t.Errorf("got %q, want %s", got, line)
		}
		conn.Close()
		os.Remove(path)
		q.Write(batch(string(line[0]+1)), nothing)
	}
	conn := listenSyslog(t, path)
	if err := q.Close(); err != nil {
		t.Error(err)
	}
	if got := datagram(t, conn); !strings.HasSuffix(got, ": d\n") {
		t.Errorf("got %q, want d", got)
	}
	if c := q.Counts(); c.Delivered != 4 || c.Lost() != 0 {
		t.Errorf("counts %+v, want 4 delivered", c)
	}
	s := &Syslog{tag: "gyr", sockets: []string{"/no/such/socket"}}
	if err := all(s, batch("a")); err == nil || !strings.Contains(err.Error(), "cannot reach syslog: ") {
		t.Errorf("without a socket: %v", err)
	}
}

// An alert that is too long for a datagram is refused: no retry would help.
func TestSyslogTooLong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	conn := listenSyslog(t, path)
	q := NewQueue(&Syslog{tag: "gyr", sockets: []string{path}}, Options{Log: quiet()})
	q.Write(batch(strings.Repeat("x", 4<<20), "b"), nothing)
	if got := datagram(t, conn); !strings.HasSuffix(got, ": b\n") {
		t.Errorf("got %q, want b", got)
	}
	if err := q.Close(); err != nil {
		t.Error(err)
	}
	if c := q.Counts(); c.Refused != 1 || c.Delivered != 1 {
		t.Errorf("counts %+v, want 1 refused, 1 delivered", c)
	}
}

// A syslog that does not read is given up when ctx is done.
func TestSyslogBlocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	listenSyslog(t, path)
	s := &Syslog{tag: "gyr", sockets: []string{path}}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	var err error
	for err == nil {
		_, err = s.Write(ctx, batch(strings.Repeat("x", 1000)))
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("error %v, want %v", err, os.ErrDeadlineExceeded)
	}
}
