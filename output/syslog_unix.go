// SPDX-License-Identifier: Apache-2.0

//go:build unix

package output

import (
	"log/syslog"

	"github.com/gyr-dev/gyr/alert"
)

// Syslog sends lines to the local syslog, each with the priority of its alert.
type Syslog struct {
	tag string
	w   *syslog.Writer
}

// NewSyslog returns a destination that calls itself tag. It connects at the first alert.
func NewSyslog(tag string) (*Syslog, error) { return &Syslog{tag: tag}, nil }

// Name implements [Destination].
func (s *Syslog) Name() string { return "syslog" }

// Write implements [Destination].
func (s *Syslog) Write(alerts []alert.Alert) error {
	if s.w == nil {
		w, err := syslog.New(syslog.LOG_USER, s.tag)
		if err != nil {
			return err
		}
		s.w = w
	}
	for i := range alerts {
		if err := s.send(alerts[i].Priority, string(alerts[i].Line)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Syslog) send(p alert.Priority, line string) error {
	write := [...]func(string) error{
		s.w.Emerg, s.w.Alert, s.w.Crit, s.w.Err, s.w.Warning, s.w.Notice, s.w.Info, s.w.Debug,
	}
	return write[min(p, alert.Debug)](line)
}

// Flush implements [Destination].
func (s *Syslog) Flush() error { return nil }

// Reopen connects again at the next alert.
func (s *Syslog) Reopen() error { return s.Close() }

// Close implements [Destination].
func (s *Syslog) Close() error {
	if s.w == nil {
		return nil
	}
	err := s.w.Close()
	s.w = nil
	return err
}
