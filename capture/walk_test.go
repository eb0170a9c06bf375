// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/event"
)

// walk reads a capture with nothing of this package: byte by byte, by the rules that
// Falco 0.44.1 applies, and stricter where it does not look. It returns a line per block.
func walk(file []byte) (lines []string, err error) {
	u16, u32 := binary.LittleEndian.Uint16, binary.LittleEndian.Uint32
	u64 := binary.LittleEndian.Uint64
	events := false
	for first := true; len(file) > 0; first = false {
		if len(file) < 12 {
			return lines, fmt.Errorf("%d bytes left", len(file))
		}
		typ, total := u32(file), int(u32(file[4:]))
		if total < 12 || total > len(file) || total%4 != 0 {
			return lines, fmt.Errorf("block %#x of %d bytes, %d left", typ, total, len(file))
		}
		if t := int(u32(file[total-4:])); t != total {
			return lines, fmt.Errorf("block %#x: lengths %d and %d", typ, total, t)
		}
		body := file[8 : total-4]
		if first != (typ == 0x0A0D0D0A) {
			return lines, fmt.Errorf("block %#x is at the wrong place", typ)
		}
		if events && typ != 0x221 && typ != 0x222 {
			return lines, fmt.Errorf("block %#x among events", typ)
		}
		switch typ {
		case 0x0A0D0D0A:
			if total != 28 || u32(body) != 0x1A2B3C4D || u16(body[4:]) != 1 || u16(body[6:]) != 2 || u64(body[8:]) != 1<<64-1 {
				return lines, fmt.Errorf("section header % x", body)
			}
			lines = append(lines, "section 1.2")
		case 0x201:
			if len(body) != 180 {
				return lines, fmt.Errorf("machine info of %d bytes", len(body))
			}
			if body[20+127] != 0 || u64(body[156:]) != 0 || u64(body[164:]) != 0 || u64(body[172:]) != 0 {
				return lines, fmt.Errorf("machine info % x", body)
			}
			name, _, _ := bytes.Cut(body[20:148], []byte{0})
			lines = append(lines, fmt.Sprintf("machine %d cpus %d bytes pid %d %s boot %d", u32(body), u64(body[4:]), u64(body[12:]), name, u64(body[148:])))
		case 0x219:
			got, err := walkInterfaces(body)
			if lines = append(lines, got...); err != nil {
				return lines, err
			}
		case 0x220:
			got, err := walkUsers(body)
			if lines = append(lines, got...); err != nil {
				return lines, err
			}
		case 0x221, 0x222:
			events = true
			line, err := walkEvent(body, typ == 0x222)
			if lines = append(lines, line); err != nil {
				return lines, err
			}
		default:
			lines = append(lines, fmt.Sprintf("skipped %#x", typ))
		}
		file = file[total:]
	}
	return lines, nil
}

func walkInterfaces(body []byte) (lines []string, err error) {
	u16, u32 := binary.LittleEndian.Uint16, binary.LittleEndian.Uint32
	for v6seen := false; len(body) >= 4; {
		n := int(u32(body)) + 4
		if n > len(body) || n < 8 {
			return lines, fmt.Errorf("interface entry of %d bytes of %d", n, len(body))
		}
		typ, nameLen := u16(body[4:]), int(u16(body[6:]))
		addr := map[uint16]int{1: 4, 2: 16}[typ]
		if addr == 0 || n != 4+4+3*addr+8+nameLen || typ == 1 && v6seen {
			return lines, fmt.Errorf("interface entry of type %d with %d bytes", typ, n)
		}
		v6seen = typ == 2
		e := body[8:n]
		lines = append(lines, fmt.Sprintf("interface %s %v mask %v last %v speed %d", e[3*addr+8:],
			e[:addr], e[addr:2*addr], e[2*addr:3*addr], binary.LittleEndian.Uint64(e[3*addr:])))
		body = body[n:]
	}
	return lines, padding(body)
}

func walkUsers(body []byte) (lines []string, err error) {
	u16, u32 := binary.LittleEndian.Uint16, binary.LittleEndian.Uint32
	for len(body) >= 4 {
		n := int(u32(body))
		if n > len(body) || n < 5 {
			return lines, fmt.Errorf("user entry of %d bytes of %d", n, len(body))
		}
		e, line, ids, texts := body[5:n], "user", 2, 3
		if body[4] == 1 {
			line, ids, texts = "group", 1, 1
		}
		for range ids {
			line, e = fmt.Sprintf("%s %d", line, u32(e)), e[4:]
		}
		for range texts {
			k := int(u16(e))
			if k >= 256 {
				return lines, fmt.Errorf("text of %d bytes", k)
			}
			line, e = fmt.Sprintf("%s %s", line, e[2:2+k]), e[2+k:]
		}
		if lines = append(lines, line); len(e) != 0 {
			return lines, fmt.Errorf("%d bytes left in %s", len(e), line)
		}
		body = body[n:]
	}
	return lines, padding(body)
}

func walkEvent(body []byte, flags bool) (line string, err error) {
	u16, u32, u64 := binary.LittleEndian.Uint16, binary.LittleEndian.Uint32, binary.LittleEndian.Uint64
	if cpu := u16(body); cpu != 0 {
		return "", fmt.Errorf("event of CPU %d", cpu)
	}
	body = body[2:]
	if flags {
		line, body = fmt.Sprintf("flags %d ", u32(body)), body[4:]
	}
	n := int(u32(body[16:]))
	if n > len(body) || n+3 < len(body) {
		return line, fmt.Errorf("event of %d bytes in %d", n, len(body))
	}
	e := body[:n]
	typ, params := u16(e[20:]), int(u32(e[22:]))
	if u64(e[8:]) != 1<<64-1 {
		return line, fmt.Errorf("event has thread %d", u64(e[8:]))
	}
	line += fmt.Sprintf("event %d at %d:", typ, u64(e))
	at := 26 + 4*params
	for i := range params {
		k := int(u32(e[26+4*i:]))
		line += fmt.Sprintf(" %q", e[at:at+k])
		at += k
	}
	if at != n {
		return line, fmt.Errorf("parameters end at %d of %d", at, n)
	}
	return line, padding(body[n:])
}

func padding(rest []byte) error {
	if len(bytes.Trim(rest, "\x00")) > 0 || len(rest) > 3 {
		return fmt.Errorf("padding is % x", rest)
	}
	return nil
}

func gunzip(t testing.TB, file []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestWrittenBytes(t *testing.T) {
	want := []string{
		"section 1.2",
		"machine 4 cpus 8589934592 bytes pid 32768 box boot 1700000000000000000",
		"interface eth0 [10 1 2 3] mask [255 255 240 0] last [10 1 15 255] speed 1000",
		"interface lo [0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1] mask [255 255 255 255 255 255 255 255 255 255 255 255 255 255 255 255] last [0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0] speed 0",
		"user 0 0 root /root /bin/sh", "group 0 root",
		"skipped 0x80677972",
		`event 402 at 5: "\x03\x00\x00\x00" "state\x00" "s"`,
		`event 322 at 7: "\x03\x00\x00\x00" "one"`,
		`event 402 at 8: "\x03\x00\x00\x00" "tick\x00" ""`,
	}
	for name, o := range packings {
		o.Plugins, o.Initial = testPlugins, []event.Event{async(3, 5, "state", "s")}
		file := write(t, o, plugin(3, 7, "one"), async(3, 8, "tick", ""))
		if o.Gzip {
			file = gunzip(t, file)
		}
		lines, err := walk(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// The header of whatever machine the test runs on is well formed, as is an empty one.
func TestHeaders(t *testing.T) {
	host := HostHeader()
	if host.Machine.CPUs == 0 {
		t.Error("the machine has no CPU")
	}
	long := string(bytes.Repeat([]byte{'n'}, 300))
	odd := &Header{Machine: Machine{Hostname: long}, Users: []User{{1, 2, long, long, long}}, Groups: []Group{{3, long}},
		Interfaces: []Interface{{}, {Name: long, Addr: prefix("fe80::1/10")}, {Name: "v4", Addr: prefix("1.2.3.4/0")}}}
	for name, h := range map[string]*Header{"host": host, "empty": {}, "odd": odd} {
		lines, err := walk(write(t, WriterOptions{Header: h}, plugin(3, 1, "x")))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if want := 2 + len(h.Users) + len(h.Groups) + 2; len(lines) < want {
			t.Errorf("%s: got %d lines, want at least %d", name, len(lines), want)
		}
	}
}
