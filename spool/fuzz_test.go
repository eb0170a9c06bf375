// SPDX-License-Identifier: Apache-2.0

package spool

import (
	"bytes"
	"encoding/binary"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/gyr-dev/gyr/alert"
)

// FuzzSegment reads any bytes as a segment. Oracle: every byte belongs to a valid record, was
// skipped, or is the end that may become a record; what was read is in the bytes; and whole
// records that stand somewhere in them are found, unless damage before them swallows them.
func FuzzSegment(f *testing.F) {
	var good []byte
	good = appendHeader(good, 1)
	for i, a := range numbered(0, 3) {
		var start int
		good, start = beginRecord(good)
		good = appendAlert(good, &a)
		endRecord(good, start, uint64(i)+1)
	}
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add(append([]byte("garbage"), good...))
	f.Add(bytes.Repeat(mark, 20))
	f.Fuzz(func(t *testing.T, b []byte) {
		files := newCrashFS()
		files.names["x"] = &inode{data: b}
		file, err := files.Open("x")
		if err != nil {
			t.Fatal(err)
		}
		s := newScanner(file, int64(len(b)))
		used := s.offset
		for {
			_, payload, ok, err := s.next()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			used += recordHead + int64(len(payload))
			if end := s.offset; !bytes.Equal(payload, b[end-int64(len(payload)):end]) {
				t.Fatalf("payload at %d is not what the file has", end)
			}
			if a, err := new(decoder).alert(payload); err == nil {
				again, err := new(decoder).alert(appendAlert(nil, &a))
				if err != nil || !same(&a, &again) {
					t.Fatalf("alert %+v comes back as %+v (%v)", a, again, err)
				}
			}
		}
		if used+s.skipped != s.offset {
			t.Fatalf("%d bytes of records, %d skipped, but at %d", used, s.skipped, s.offset)
		}
		if tail := b[s.offset:]; len(tail) > 0 {
			if _, _, _, what := parseRecord(tail); what != short {
				t.Fatalf("%d bytes at the end are not the beginning of a record", len(tail))
			}
			if len(tail) >= recordHead && int(binary.LittleEndian.Uint32(tail[4:]))+recordHead <= len(tail) {
				t.Fatal("a whole record at the end was not looked at")
			}
		}
	})
}

func same(a, b *alert.Alert) bool {
	return a.Num == b.Num && a.Time == b.Time && a.Rule == b.Rule && a.Source == b.Source && a.Priority == b.Priority &&
		bytes.Equal(a.Line, b.Line) && (len(a.Tags) == 0 && len(b.Tags) == 0 || reflect.DeepEqual(a.Tags, b.Tags))
}

// FuzzCursors opens a spool whose cursors are any bytes. Oracle: it starts, the cursors that
// it has are stored, and a second start finds the same ones and no damage.
func FuzzCursors(f *testing.F) {
	f.Add(appendCursor(appendCursor(nil, "a", 7), "b", noCursor))
	f.Add([]byte("nonsense"))
	f.Fuzz(func(t *testing.T, b []byte) {
		files := newCrashFS()
		i := &inode{data: b, synced: b}
		files.names[filepath.Join("dir", cursorsName)], files.durable[filepath.Join("dir", cursorsName)] = i, i
		c, damaged, err := openCursors(files, "dir")
		if err != nil || damaged < 0 || damaged > int64(len(b)) {
			t.Fatalf("%d bytes damaged of %d: %v", damaged, len(b), err)
		}
		again, damaged, err := openCursors(files.crash(nil), "dir")
		if err != nil || damaged != 0 || !reflect.DeepEqual(c.written, again.written) {
			t.Fatalf("cursors %v, after a crash %v, %d bytes damaged (%v)", c.written, again.written, damaged, err)
		}
	})
}
