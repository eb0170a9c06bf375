// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
)

// block is a block of any type.
func block(typ uint32, body ...[]byte) []byte {
	dst, start := appendFrame(nil, typ)
	return closeFrame(append(dst, slices.Concat(body...)...), start)
}

// section is a section header, the least that a capture begins with.
func section() []byte { return appendHeader(nil, &Header{})[:28] }

func blob(e event.Event) []byte { return e.AppendBlob(nil) }

// old is an event as v1 blocks have it: no number of parameters, lengths of width bytes.
func old(e event.Event, width int) []byte {
	b := blob(e)
	params := int(le.Uint32(b[22:]))
	o := slices.Clone(b[:22])
	for i := range params {
		l := b[26+4*i:][:width]
		o = append(o, l...)
	}
	o = append(o, b[26+4*params:]...)
	le.PutUint32(o[16:], uint32(len(o)))
	return o
}

// foreign is an event of another type, with two parameters of one byte.
func foreign(typ uint16) []byte {
	b := blob(plugin(0, 99, ""))[:26]
	b = append(b, 1, 0, 1, 0, 'a', 'b')
	le.PutUint16(b[20:], typ)
	le.PutUint32(b[16:], uint32(len(b)))
	return b
}

var (
	cpu   = []byte{7, 0}
	flag0 = []byte{0, 0, 0, 0}
	flag1 = []byte{1, 0, 0, 0}
)

// short drops what most tests do not look at.
func short(events []got) []string {
	var s []string
	for _, e := range events {
		line := e.Source + " " + e.Name + e.Data
		if e.State {
			line += " state"
		}
		s = append(s, strings.TrimSpace(line))
	}
	return s
}

func TestEventBlocks(t *testing.T) {
	e, a := plugin(3, 5, "data"), async(3, 5, "name", "data")
	f := func(name string, file []byte, want string) {
		t.Helper()
		events := mustRead(t, slices.Concat(section(), block(typeEventLarge, cpu, blob(plugin(3, 1, "first"))), file), ReaderOptions{})
		if len(events) != 2 || events[1].Name+events[1].Data != want || events[1].Time != 5 || events[1].ID != 3 {
			t.Errorf("%s: got %+v, want %q", name, events, want)
		}
	}
	f("v2 large", block(typeEventLarge, cpu, blob(e)), "data")
	f("v2 large, flags", block(typeEventFlagsLarge, cpu, flag0, blob(e)), "data")
	f("v2", block(typeEventV2, cpu, blob(e)), "data")
	f("v2, flags", block(typeEventFlagsV2, cpu, flag0, blob(e)), "data")
	f("v1", block(typeEvent, cpu, old(e, 2)), "data")
	f("v1, lengths of 32 bits", block(typeEvent, cpu, old(e, 4)), "data")
	f("v1, flags", block(typeEventFlags, cpu, flag0, old(e, 2)), "data")
	f("v1, old number", block(typeEventOld, cpu, old(e, 2)), "data")
	f("async v1", block(typeEvent, cpu, old(a, 2)), "namedata")
	f("async v2 large", block(typeEventLarge, cpu, blob(a)), "namedata")
	f("async v2, flags", block(typeEventFlagsV2, cpu, flag0, blob(a)), "namedata")
	f("bytes after the event", block(typeEventLarge, cpu, blob(e), []byte("option")), "data")
	f("event of a later version", slices.Concat(block(typeEventV2, cpu, foreign(454)), block(typeEventLarge, cpu, blob(e))), "data")
}

func TestStateOnlyFlag(t *testing.T) {
	file := slices.Concat(section(), block(typeEventLarge, cpu, blob(plugin(3, 1, "a"))),
		block(typeEventFlagsLarge, cpu, flag1, blob(plugin(3, 2, "b"))), block(typeEventLarge, cpu, blob(plugin(3, 3, "c"))))
	events := mustRead(t, file, ReaderOptions{})
	if diff := cmp.Diff([]string{"a", "b state", "c"}, short(events)); diff != "" {
		t.Error(diff)
	}
	if events[2].Num != 3 {
		t.Errorf("last event has number %d, want 3: events of state count", events[2].Num)
	}
}

func TestMetadataIsSkipped(t *testing.T) {
	longHeader := block(typeSection, section()[8:24], []byte("an option of some length"))
	file := slices.Concat(longHeader, block(typeMachineOld, make([]byte, machineLen)))
	for _, typ := range []uint32{0x202, 0x203, 0x205, 0x206, 0x207, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214, 0x215, 0x218,
		0x219, 0x220, 0x8000ABCD, 0x8001ABCD, 0x8011ABCD, 0x8012ABCD, 0x8013ABCD, 0x8014ABCD, 0xBAD, 0x999} {
		file = append(file, block(typ, make([]byte, int(typ%1000)))...)
	}
	file = append(file, block(typeUsers, make([]byte, 3*chunkSize))...)
	file = append(file, block(typeEventLarge, cpu, blob(plugin(3, 1, "a")))...)
	if got := short(mustRead(t, file, ReaderOptions{})); len(got) != 1 || got[0] != "a" {
		t.Errorf("got %q", got)
	}
}

func TestInitialState(t *testing.T) {
	ev := func(b []byte) []byte { return block(typeEventV2, cpu, b) }
	head := slices.Concat(section(), ev(foreign(userAdded)), ev(foreign(groupAdded)), ev(blob(async(3, 1, "dump", ""))), ev(blob(async(3, 1, "dump", "2"))))
	body := slices.Concat(ev(blob(plugin(3, 2, "a"))), ev(blob(async(3, 3, "tick", ""))), ev(foreign(userAdded)), ev(foreign(3)), ev(blob(plugin(3, 4, "b"))))
	events := mustRead(t, slices.Concat(head, body), ReaderOptions{})
	if diff := cmp.Diff([]string{"dump state", "dump2 state", "a", "tick", "b"}, short(events)); diff != "" {
		t.Error(diff)
	}
	var nums []uint64
	for _, e := range events {
		nums = append(nums, e.Num)
	}
	// Accounts at the head count, an account and an entry into a system call later do
	// not or do as they do in Falco.
	if diff := cmp.Diff([]uint64{3, 4, 5, 6, 8}, nums); diff != "" {
		t.Error(diff)
	}

	// In a file of gyr's own the origin block says how many there are.
	e := []event.Event{async(3, 1, "tick", "")}
	got := short(mustRead(t, write(t, WriterOptions{}, e[0], plugin(3, 2, "a")), ReaderOptions{}))
	if diff := cmp.Diff([]string{"tick", "a"}, got); diff != "" {
		t.Error(diff)
	}
	got = short(mustRead(t, write(t, WriterOptions{Initial: e}, e[0], plugin(3, 2, "a")), ReaderOptions{}))
	if diff := cmp.Diff([]string{"tick state", "tick", "a"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestConcatenated(t *testing.T) {
	one := write(t, WriterOptions{Plugins: testPlugins}, plugin(3, 1, "a"), plugin(3, 2, "b"))
	other := []Plugin{{ID: 4, Name: "dummy_c", Source: "dummy_c"}}
	two := write(t, WriterOptions{Plugins: other, Initial: []event.Event{async(4, 3, "dump", "")}}, plugin(4, 3, "c"))
	empty := write(t, WriterOptions{})
	for name, file := range map[string][]byte{"plain": slices.Concat(one, empty, two, empty), "gzip": slices.Concat(pack(t, one), pack(t, slices.Concat(empty, two)), []byte("garbage after the streams"))} {
		events, err, r := read(t, file, ReaderOptions{})
		if err != nil || r.Tail() != nil {
			t.Fatalf("%s: error %v, tail %v", name, err, r.Tail())
		}
		if diff := cmp.Diff([]string{"dummy a", "dummy b", "dummy_c dump state", "dummy_c c"}, short(events)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		if last := events[len(events)-1].Num; last != 3 {
			t.Errorf("%s: last event has number %d, want 3: the second section's initial state leaves no trace", name, last)
		}
		if len(r.Plugins()) != 2 {
			t.Errorf("%s: plugins are %+v", name, r.Plugins())
		}
	}
}

func TestSources(t *testing.T) {
	asked := 0
	o := ReaderOptions{Sources: func(id uint32) (string, bool) {
		asked++
		return map[uint32]string{1: "k8s_audit", 2: "aws_cloudtrail", 9: "k8s_audit"}[id], id == 1 || id == 2 || id == 9
	}}
	file := write(t, WriterOptions{}, plugin(2, 1, "a"), plugin(1, 2, "b"), plugin(9, 3, "c"), plugin(0, 3, "of no plugin"), plugin(2, 4, "d"))
	r, err := NewBytesReader("f", file, o)
	if err != nil {
		t.Fatal(err)
	}
	events, err := drain(r)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"aws_cloudtrail a", "k8s_audit b", "k8s_audit c", "aws_cloudtrail d"}
	if diff := cmp.Diff(want, short(events)); diff != "" {
		t.Error(diff)
	}
	if asked != 4 || r.Skipped() != 1 || events[3].Num != 5 {
		t.Errorf("asked %d times, want 4; passed over %d, want 1; last number %d, want 5", asked, r.Skipped(), events[3].Num)
	}
}

func TestUnknownPlugin(t *testing.T) {
	o := ReaderOptions{Sources: func(id uint32) (string, bool) { return "dummy", id == 3 }}
	f := func(plugins []Plugin, id uint32, want ...string) {
		t.Helper()
		events, err, _ := read(t, write(t, WriterOptions{Plugins: plugins, Header: &Header{}}, plugin(3, 1, "a"), plugin(id, 2, "b")), o)
		var unknown *UnknownPluginError
		if !errors.As(err, &unknown) || unknown.ID != id || len(events) != 1 {
			t.Fatalf("got %d events and error %v", len(events), err)
		}
		for _, w := range append(want, "f: offset ", "(plugin ID: "+itoa(id)+")") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("error %q has no %q", err, w)
			}
		}
	}
	f(nil, 2, "ID 2 belongs to cloudtrail (source aws_cloudtrail)", "load_plugins", "- name: cloudtrail")
	f(nil, 999, "the plugin registry has no plugin with ID 999")
	f([]Plugin{{ID: 999, Name: "mine", Version: "1.2.3", Source: "my_source"}}, 999, "recorded with plugin mine 1.2.3 (source my_source)", "- name: mine")
}

// A file with more plugins in origin blocks than anybody has does not fill the memory.
func TestManyPlugins(t *testing.T) {
	var many []Plugin
	for i := range 20000 {
		many = append(many, Plugin{ID: uint32(i)})
	}
	one := appendOrigin(section(), origin{plugins: many})
	r, err := NewBytesReader("f", slices.Concat(one, one, block(typeEventLarge, cpu, blob(plugin(3, 1, "a")))), ReaderOptions{})
	if err != nil || len(r.Plugins()) != maxPlugins {
		t.Errorf("%d plugins, error %v, want %d plugins", len(r.Plugins()), err, maxPlugins)
	}
}
