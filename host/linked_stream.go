// SPDX-License-Identifier: Apache-2.0

package host

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
)

// wrapSource wraps src: it sets the plugin ID of events and converts panics to errors. The result
// has the same optional interfaces as src.
func (p *linkedPlugin) wrapSource(src event.Source) event.Source {
	s := &linkedStream{p: p, src: src}
	a, isAcker := src.(event.Acker)
	pr, isProgresser := src.(event.Progresser)
	switch {
	case isAcker && isProgresser:
		return struct {
			*linkedStream
			linkedAcker
			linkedProgress
		}{s, linkedAcker{p, a}, linkedProgress{pr}}
	case isAcker:
		return struct {
			*linkedStream
			linkedAcker
		}{s, linkedAcker{p, a}}
	case isProgresser:
		return struct {
			*linkedStream
			linkedProgress
		}{s, linkedProgress{pr}}
	}
	return s
}

type linkedStream struct {
	p   *linkedPlugin
	src event.Source
}

func (s *linkedStream) Next(ctx context.Context, b *event.Batch) error {
	from := len(b.Events)
	err := guard(func() error { return s.src.Next(ctx, b) })
	if bad := s.claim(b, from); bad != nil {
		err = bad
	}
	if err == nil || err == io.EOF { //nolint:errorlint // a wrapped io.EOF is a failure
		return err
	}
	return s.p.fail("read", err)
}

// claim sets the plugin ID of the new events. It cuts the batch before an event of another
// plugin.
func (s *linkedStream) claim(b *event.Batch, from int) error {
	info := &s.p.module.info
	for i := from; i < len(b.Events); i++ {
		e := &b.Events[i]
		if e.PluginID == info.ID {
			continue
		}
		if e.PluginID != 0 {
			err := fmt.Errorf("unexpected plugin ID in plugin event: plugin='%s', expected_id=%d, actual_id=%d",
				info.Name, info.ID, e.PluginID)
			b.Events = b.Events[:i]
			return err
		}
		e.PluginID = info.ID
		if e.Blob != nil && e.Type == abi.PluginEvent {
			binary.LittleEndian.PutUint32(e.Blob[abi.PayloadOffset-4:], info.ID)
		}
	}
	return nil
}

func (s *linkedStream) Close() error {
	if err := guard(s.src.Close); err != nil {
		return s.p.fail("close", err)
	}
	return nil
}

type linkedAcker struct {
	p *linkedPlugin
	a event.Acker
}

func (a linkedAcker) Ack(token any, err error) {
	bad := guard(func() error { a.a.Ack(token, err); return nil })
	if bad != nil {
		a.p.module.log.Error("acknowledgement failed", "plugin", a.p.module.info.Name, "error", bad)
	}
}

func (a linkedAcker) ReadAhead() (n int) {
	_ = guard(func() error { n = a.a.ReadAhead(); return nil })
	return n
}

type linkedProgress struct{ p event.Progresser }

func (p linkedProgress) Progress() (share float64, text string) {
	_ = guard(func() error { share, text = p.p.Progress(); return nil })
	return share, text
}
