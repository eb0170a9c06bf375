// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"testing"

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
