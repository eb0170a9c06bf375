// SPDX-License-Identifier: Apache-2.0

package event

import (
	"encoding/binary"
	"testing"

	"github.com/gyr-dev/gyr/abi"
)

// releases counts the calls of Release.
type releases int

func (r *releases) Release() { *r++ }

func TestBatchOwnsWhatWasAdded(t *testing.T) {
	b := NewBatch(3, NewArena(nil, nil))
	mine, view := []byte("mine"), []byte("view")
	b.Add(5, 10, mine)
	b.AddView(5, 20, view)
	copy(mine, "....")
	view[0] = 'V'
	for i, want := range []Event{{Time: 10, Data: []byte("mine")}, {Time: 20, Data: []byte("View")}} {
		e := &b.Events[i]
		if e.Time != want.Time || string(e.Data) != string(want.Data) || e.PluginID != 5 || e.Type != abi.PluginEvent || e.Num != 0 || e.IsAsync() {
			t.Errorf("event %d is %+v", i, e)
		}
	}
	if b.Full() {
		t.Error("full with two of three events")
	}
	if b.Add(5, 30, nil); !b.Full() {
		t.Error("not full with three of three events")
	}
}

func TestRelease(t *testing.T) {
	c := &counted{t: t}
	b := NewBatch(2, c.arena())
	var one, two releases
	b.Hold(&one)
	b.Hold(&two)
	b.Add(5, 10, make([]byte, arenaChunk))
	b.Token, b.StateOnly = "token", true
	b.Release()
	if one != 1 || two != 1 {
		t.Errorf("the holders are told %d and %d times, want once each", one, two)
	}
	if len(b.Events) != 0 || b.Token != nil || b.StateOnly || len(c.out) != 0 {
		t.Errorf("after Release: %+v, %d chunks", b, len(c.out))
	}
	if old := b.Events[:1][0]; old.Data != nil {
		t.Error("the payload of an event that is gone is still referred to")
	}
	b.Release()
	if one != 1 || two != 1 {
		t.Error("holders are told again")
	}
}

func TestSetTime(t *testing.T) {
	e := Event{Type: abi.PluginEvent, Time: 1, Data: []byte("x")}
	blob := e.AppendBlob(nil)
	if err := e.Decode(blob); err != nil {
		t.Fatal(err)
	}
	e.SetTime(99)
	if e.Time != 99 || binary.LittleEndian.Uint64(e.Blob) != 99 {
		t.Errorf("time %d, in the blob %d, want 99", e.Time, binary.LittleEndian.Uint64(e.Blob))
	}
	e = Event{}
	if e.SetTime(7); e.Time != 7 {
		t.Errorf("time %d, want 7", e.Time)
	}
}
