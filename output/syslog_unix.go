// SPDX-License-Identifier: Apache-2.0

//go:build unix

package output

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// syslogSockets are where a local syslog listens, as datagrams or a stream.
var syslogSockets = []string{"/dev/log", "/var/run/syslog", "/var/run/log"}

// facilityUser is the facility of programs that say nothing else.
const facilityUser = 1 << 3

// Syslog sends lines to the local syslog, each with the priority of its alert.
type Syslog struct {
	tag     string
	sockets []string
	conn    net.Conn
	buf     []byte
}

// NewSyslog returns a destination that calls itself tag. It connects at the first alert,
// and again after an error.
func NewSyslog(tag string) (*Syslog, error) { return &Syslog{tag: tag, sockets: syslogSockets}, nil }

// Name implements [Destination].
func (s *Syslog) Name() string { return "syslog" }

// Write implements [Destination].
func (s *Syslog) Write(ctx context.Context, alerts []alert.Alert) (int, error) {
	if s.conn == nil {
		if err := s.connect(ctx); err != nil {
			return 0, err
		}
	}
	conn := s.conn
	stop := context.AfterFunc(ctx, func() { _ = conn.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	a := &alerts[0]
	now := time.Now().Format(time.Stamp)
	s.buf = fmt.Appendf(s.buf[:0], "<%d>%s %s[%d]: %s\n", facilityUser|int(min(a.Priority, alert.Debug)), now, s.tag, os.Getpid(), a.Line)
	_, err := conn.Write(s.buf)
	switch {
	case errors.Is(err, syscall.EMSGSIZE):
		return 0, &Refused{Err: fmt.Errorf("an alert of %d bytes is too long: %w", len(a.Line), err)}
	case err != nil:
		_ = s.Close()
		return 0, err
	}
	return 1, nil
}

func (s *Syslog) connect(ctx context.Context) error {
	var d net.Dialer
	var first error
	for _, network := range []string{"unixgram", "unix"} {
		for _, path := range s.sockets {
			conn, err := d.DialContext(ctx, network, path)
			if err == nil {
				s.conn = conn
				return nil
			}
			if first == nil {
				first = fmt.Errorf("cannot reach syslog: %w", err)
			}
		}
	}
	return first
}

// Reopen connects again at the next alert.
func (s *Syslog) Reopen() error { return s.Close() }

// Close implements [Destination].
func (s *Syslog) Close() error {
	if s.conn == nil {
		return nil
	}
	err := s.conn.Close()
	s.conn = nil
	return err
}
