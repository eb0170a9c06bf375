// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
)

var update = flag.Bool("update", false, "rewrite testdata")

// malformed are files with one fault each. They are committed, so that other readers can
// be tried on them; each follows a whole event, so that a reader shows what it keeps.
func malformed(t testing.TB) map[string][]byte {
	ev := func(b ...[]byte) []byte { return block(typeEventLarge, append([][]byte{cpu}, b...)...) }
	good := ev(blob(plugin(3, 1, "good")))
	patch := func(b []byte, at int, v uint32) []byte {
		b = slices.Clone(b)
		le.PutUint32(b[at:], v)
		return b
	}
	after := func(b ...[]byte) []byte { return slices.Concat(append([][]byte{section(), good}, b...)...) }
	before := func(b ...[]byte) []byte { return append(slices.Concat(append([][]byte{section()}, b...)...), good...) }
	e := blob(plugin(3, 2, "bad"))
	a := blob(async(3, 2, "name", "bad"))
	packed := pack(t, after(ev(blob(plugin(3, 2, string(make([]byte, 1000)))))))
	crc := patch(packed, len(packed)-8, 12345)
	mixed := slices.Clone(packed)
	mixed[len(mixed)-20] ^= 0xFF
	origin := appendOrigin(nil, origin{plugins: testPlugins})
	return map[string][]byte{
		"no_capture":           []byte("{\"a\": \"json file\"}\n"),
		"no_capture_short":     []byte("hello"),
		"no_section":           good,
		"wrong_magic":          patch(after(), 8, 0x01020304),
		"swapped":              patch(after(), 8, swappedMagic),
		"version":              patch(after(), 12, 2),
		"section_short":        block(typeSection, make([]byte, 8)),
		"section_trailer":      patch(after(), 24, 32),
		"section_again_bad":    after(patch(section(), 8, 7)),
		"length_0":             after(patch(good, 4, 0)),
		"length_short":         after(block(typeEventLarge, cpu, e[:20])),
		"length_odd":           after(patch(good, 4, 57)),
		"length_300mb":         after(patch(good, 4, 300<<20)),
		"length_small_block":   after(block(typeEventV2, cpu, make([]byte, 70000))),
		"trailer":              after(patch(good, len(good)-4, 60)),
		"zeros":                after(make([]byte, 64)),
		"unexpected_block":     after(block(typeMachine, make([]byte, machineLen))),
		"unexpected_gzip":      after(packed),
		"machine_short":        before(block(typeMachine, make([]byte, 100))),
		"machine_trailer":      before(patch(block(typeMachine, make([]byte, machineLen)), 188, 1)),
		"unknown_trailer":      before(patch(block(0x999, make([]byte, 100)), 108, 1)),
		"origin_short":         before(block(typeOrigin, make([]byte, 4))),
		"origin_entry":         before(patch(origin, 20, 5)),
		"origin_text":          before(patch(origin, 28, 0xFFFF)),
		"origin_count":         before(patch(origin, 16, 7)),
		"event_len_small":      after(ev(patch(e, 16, 10))),
		"event_len_big":        after(ev(patch(e, 16, 1000))),
		"event_len_4g":         after(ev(patch(e, 16, 0xFFFFFFFF))),
		"event_header":         after(block(typeEventFlagsLarge, cpu, flag0, e[:24])),
		"event_params":         after(ev(patch(e, 22, 3))),
		"event_param_len":      after(ev(patch(e, 30, 1000))),
		"event_param_sum":      after(ev(patch(e, 30, 1))),
		"event_id_len":         after(ev(patch(e, 26, 3))),
		"event_no_param":       after(ev(patch(patch(e[:26], 22, 0), 16, 26))),
		"async_name":           after(ev(patch(a, 30, 3))),
		"async_no_name":        after(ev(patch(patch(a, 30, 0), 34, 8))),
		"v1_lengths":           after(block(typeEvent, cpu, patch(old(plugin(3, 1, "data"), 2), 22, 9<<16|4))),
		"other_type_params":    after(block(typeEventV2, cpu, patch(foreign(7), 22, 1000))),
		"other_type_params_4g": after(block(typeEventV2, cpu, patch(foreign(7), 22, 0xFFFFFFFF))),
		"other_type_param_len": after(block(typeEventV2, cpu, patch(foreign(7), 26, 0xFFFF0001))),
		"gzip_checksum":        crc,
		"gzip_bits":            mixed,
		"gzip_method":          {0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 0},
		"gzip_no_capture":      pack(t, []byte("some text that was packed")),
		"gzip_inside_gzip":     pack(t, packed),
	}
}

// TestMalformed holds every such file against testdata/malformed/want.txt: the events that
// are kept, and the error with file, offset and reason.
func TestMalformed(t *testing.T) {
	dir := filepath.Join("testdata", "malformed")
	files := malformed(t)
	if *update {
		for name, data := range files {
			if err := os.WriteFile(filepath.Join(dir, name+".scap"), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.scap"))
	if err != nil || len(paths) != len(files) {
		t.Fatalf("%d files in %s, want %d (error %v); -update rewrites them", len(paths), dir, len(files), err)
	}
	var got strings.Builder
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		events, err, _ := read(t, data, ReaderOptions{})
		if err == nil {
			t.Errorf("%s: no error", path)
			continue
		}
		var fe *FormatError
		if !errors.As(err, &fe) || fe.File != "f" {
			t.Errorf("%s: error is no FormatError of this file: %v", path, err)
		}
		fmt.Fprintf(&got, "%s: %d events, %v\n", strings.TrimSuffix(filepath.Base(path), ".scap"), len(events), err)
	}
	want := filepath.Join(dir, "want.txt")
	if *update {
		if err := os.WriteFile(want, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestMaxBlock(t *testing.T) {
	file := write(t, WriterOptions{}, plugin(3, 1, "small"), plugin(3, 1, strings.Repeat("x", 5000)))
	for limit, want := range map[int64]int{0: 2, 10000: 2, 5000: 1} {
		events, err, _ := read(t, file, ReaderOptions{MaxBlock: limit})
		if len(events) != want || (err == nil) != (want == 2) {
			t.Errorf("limit %d: got %d events, error %v, want %d events", limit, len(events), err, want)
		}
	}
	w, err := NewWriter(&strings.Builder{}, WriterOptions{MaxBlock: 5000, Header: testHeader})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for size, ok := range map[int]bool{4900: true, 5000: false} {
		e := plugin(3, 1, strings.Repeat("x", size))
		if err := w.Write("", &e); (err == nil) != ok {
			t.Errorf("event of %d bytes: error %v", size, err)
		}
	}
	odd := event.Event{Type: userAdded, Blob: make([]byte, 70000)}
	if err := w.WriteState(&odd); err == nil {
		t.Error("an event too large for its block was written")
	}
}
