// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/cbuild"
)

// Oracle: an event of any bytes is either refused with an error that names the plugin, or
// is one that event.Decode accepts, with the plugin's id and the bytes as they were.
func FuzzEventOfAPlugin(f *testing.F) {
	var good event.Event
	good.Type, good.PluginID, good.Data = 322, 902, []byte("payload")
	f.Add(good.AppendBlob(nil))
	good.PluginID = 0
	f.Add(good.AppendBlob(nil))
	f.Add(bytes.Repeat([]byte{0xff}, 50))
	f.Add([]byte{})
	m, err := Open(cbuild.Library(f, "source.c"), nil, Options{MaxEvent: 4096})
	if err != nil {
		f.Fatal(err)
	}
	p := start(f, m, "")
	f.Fuzz(func(t *testing.T, blob []byte) {
		if len(blob) > 4096 {
			return
		}
		s := openStream(t, p, "raw:"+hex.EncodeToString(blob))
		b := newBatch(t, p, 1)
		err := s.Next(context.Background(), b)
		if len(b.Events) == 0 {
			if err == nil || errors.Is(err, io.EOF) || !bytes.Contains([]byte(err.Error()), []byte("source")) {
				t.Errorf("no event and the error %v", err)
			}
			return
		}
		got := b.Events[0]
		var e event.Event
		if err := e.Decode(got.Blob); err != nil {
			t.Fatal(err)
		}
		if e.PluginID != 902 || got.PluginID != 902 || !bytes.Equal(e.Data, got.Data) || e.Time != got.Time {
			t.Errorf("%+v is decoded as %+v", got, e)
		}
		if n := len(blob); n > 38 && n == len(got.Blob) && !bytes.Equal(blob[38:], got.Data) {
			t.Errorf("payload %x of %x", got.Data, blob)
		}
	})
}

// FuzzAsyncEvent has a plugin inject an event of any bytes. What is accepted is what the
// codec of events reads from them; what is refused it does not read, or is not for gyr.
func FuzzAsyncEvent(f *testing.F) {
	good := event.Event{Time: 5, PluginID: 7, Type: abi.AsyncEvent, Name: "tick", Data: []byte("data")}
	blob := good.AppendBlob(nil)
	f.Add(blob)
	f.Add(blob[:len(blob)-5])
	f.Add(append([]byte{}, blob[:30]...))
	f.Add((&event.Event{Type: abi.PluginEvent, Data: []byte("x")}).AppendBlob(nil))
	m, log := loadLogged(f, "caps.c")
	p := start(f, m, "")
	to := &sent{}
	if err := p.StartAsync("caps", to.emit); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { p.StopAsync() })
	f.Fuzz(func(t *testing.T, raw []byte) {
		log.take()
		if _, err := p.SetConfig("raw " + hex.EncodeToString(raw)); err != nil {
			t.Fatal(err)
		}
		got, told := to.take(), log.take()
		mem := make([]byte, 1<<16)
		copy(mem, raw)
		n := binary.LittleEndian.Uint32(mem[16:])
		if n > uint32(len(mem)) {
			n = 0
		}
		var e event.Event
		err := e.Decode(mem[:n])
		good := err == nil && e.Type == abi.AsyncEvent && !strings.Contains(e.Name, "\x00")
		if strings.Contains(told, "raw: 1 malformed") == good {
			t.Errorf("the codec says %v, the plugin was told %s", err, told)
		}
		if len(got) > 0 && (!good || got[0] != fmt.Sprintf("%s %d %s", e.Name, int64(e.Time), e.Data)) {
			t.Errorf("got %q, want %+v", got, e)
		}
		if known := e.Name == "tick" || e.Name == "tock"; len(got) == 0 && good && known && binary.LittleEndian.Uint64(mem[8:]) == abi.NoThread {
			t.Errorf("%+v is refused: %s", e, told)
		}
	})
}
