// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package rim

import (
	"bytes"
	"encoding/json"
	"errors"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// state is a state of the plugin.
type state struct {
	plugin sdk.Plugin
	extraction
	parsed   decoder
	tables   access
	gate     *gate // nil unless events may be injected
	routines []*routine
	log      *hostLog
	metrics  metrics

	// mu is held during all calls of the plugin, except by streams.
	mu       sync.Mutex
	text     []byte // scratch of EventToString
	textBuf  buffer
	paramBuf buffer

	extractTypes, parseTypes, schemaVersion buffer

	errMu  sync.Mutex
	err    error
	errBuf buffer
}

var states registry[state]

// Init creates a state. If it fails, it also returns a state, without a plugin, so that the host
// can request the error. The host then destroys it.
func Init(in unsafe.Pointer) (unsafe.Pointer, int32) {
	load()
	s := &state{}
	err := exported.err
	if err == nil {
		err = guard(func() error { return s.init(in) })
	}
	s.tables.init = false
	if err != nil {
		s.plugin = nil
		return states.add(s), s.fail(err)
	}
	return states.add(s), abi.Success
}

func (s *state) init(in unsafe.Pointer) error {
	s.plugin = exported.factory()
	if l, ok := s.plugin.(sdk.LogSetter); ok {
		if s.log = openLog(in); s.log != nil {
			l.SetLogger(s.log.logger())
		}
	}
	s.extraction.mem = event.NewArena(nil, nil)
	if x, ok := s.plugin.(sdk.Extractor); ok {
		s.extraction.known = x.Fields()
	}
	_, s.extraction.planner = s.plugin.(sdk.Planner)
	if t, ok := s.plugin.(sdk.TableSetter); ok {
		s.tables.lost = func(err error) { s.fail(err) }
		s.tables.open(in)
		if err := t.SetTables(&s.tables); err != nil {
			return err
		}
	}
	if i, ok := s.plugin.(sdk.Initializer); ok {
		return i.Init(configOf(in))
	}
	return nil
}

// Destroy ends a state.
func Destroy(p unsafe.Pointer) {
	s := states.remove(p)
	if s == nil {
		return
	}
	_ = guard(func() error { s.stopAsync(); return nil })
	s.freeRoutines()
	_ = guard(func() error {
		if d, ok := s.plugin.(sdk.Destroyer); ok {
			d.Destroy()
		}
		return nil
	})
	s.log.close()
	s.tables.free()
	for _, b := range []*buffer{
		&s.textBuf, &s.paramBuf, &s.errBuf, &s.result, &s.places, &s.extractTypes, &s.parseTypes, &s.schemaVersion,
		&s.metrics.list, &s.metrics.names,
	} {
		b.free()
	}
	s.answers.free()
}

// EventSchemaVersion returns the required version of the event schema, or the default.
func EventSchemaVersion(p unsafe.Pointer) unsafe.Pointer {
	s := states.get(p)
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var text string
	if err := guard(func() error {
		if v, ok := s.plugin.(sdk.EventSchemaVersioner); ok {
			text = v.EventSchemaVersion()
		}
		return nil
	}); err != nil {
		s.fail(err)
	}
	if text == "" {
		text = defaultSchemaVersion
	}
	return s.schemaVersion.setText([]byte(text))
}

// defaultSchemaVersion is the version that hosts assume by default.
const defaultSchemaVersion = "3.0.0"

// fail stores err for LastError.
func (s *state) fail(err error) int32 {
	s.errMu.Lock()
	s.err = err
	s.errMu.Unlock()
	return abi.Failure
}

// LastError returns the text of the last error of a state.
func LastError(p unsafe.Pointer) unsafe.Pointer {
	s := states.get(p)
	if s == nil {
		load()
		return exported.texts[nothing].p
	}
	s.errMu.Lock()
	defer s.errMu.Unlock()
	var text string
	if s.err != nil {
		err := guard(func() error { text = s.err.Error(); return nil })
		if err != nil {
			text = err.Error()
		}
	}
	b := bytes.ReplaceAll([]byte(text), []byte{0}, []byte("\\x00"))
	if len(b) >= abi.MaxErrorLen {
		b = bytes.ToValidUTF8(b[:abi.MaxErrorLen-1], nil)
	}
	return s.errBuf.setText(b)
}

var errNoState = errors.New("the plugin is not initialized")

// OpenParams returns the suggested open parameters as JSON.
func OpenParams(p unsafe.Pointer) (unsafe.Pointer, int32) {
	s := states.get(p)
	if s == nil {
		return nil, abi.Failure
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	text := []byte("[]")
	err := guard(func() error {
		o, ok := s.plugin.(sdk.OpenParamser)
		if !ok {
			return nil
		}
		list, err := o.OpenParams()
		if err != nil || len(list) == 0 {
			return err
		}
		text, err = json.Marshal(list)
		return err
	})
	if err != nil {
		return nil, s.fail(err)
	}
	return s.paramBuf.setText(text), abi.Success
}

// EventToString returns the text of an event, NULL if there is none.
func EventToString(p, evt unsafe.Pointer) unsafe.Pointer {
	s := states.get(p)
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := guard(func() error {
		str, ok := s.plugin.(sdk.Stringer)
		if !ok {
			return errors.New("the plugin does not format events as text")
		}
		if err := s.decode(evt); err != nil {
			return err
		}
		b, err := str.AppendString(s.text[:0], &s.evt)
		if err != nil {
			return err
		}
		s.text = b
		return nil
	})
	if err != nil {
		s.fail(err)
		return nil
	}
	return s.textBuf.setText(s.text)
}
