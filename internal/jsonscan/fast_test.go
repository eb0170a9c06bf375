// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// naive is the oracle of the index: one byte after the other.
func naive(data []byte, marks [2]byte) (blocks []block, s seen) {
	blocks = make([]block, (len(data)+blockSize-1)/blockSize)
	inside, escaped := false, false
	for i, c := range data {
		s.nuls = s.nuls || c == 0
		s.blanks = s.blanks || c <= ' ' && !inside
		b, bit := &blocks[i/blockSize], uint64(1)<<(i%blockSize)
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped, s.escapes = true, true
			s.odd = s.odd || !inside
		case c == '"' && inside:
			inside = false
			b.closing |= bit
		case c == '"':
			inside = true
			if i+6 < len(data) && data[i+1] == marks[0] && data[i+6] == marks[1] {
				b.marked |= bit
			}
		case !inside && (c == '{' || c == '['):
			b.opening |= bit
		case !inside && (c == '}' || c == ']'):
			b.shut |= bit
		}
	}
	return blocks, s
}

// seen is what a state says of a text.
type seen struct{ odd, escapes, blanks, nuls bool }

func (s *state) seen() seen { return seen{s.odd != 0, s.escapes != 0, s.blanks != 0, s.nuls != 0} }

func needKernel(tb testing.TB) {
	tb.Helper()
	if !hasKernel {
		tb.Skip("this processor makes no index")
	}
}

var checkedIndex Index

// FuzzIndex compares the index with what a look at one byte after the other gives.
func FuzzIndex(f *testing.F) {
	needKernel(f)
	f.Add(`{"eventTime":"x","a":[{},"\"{",{"eventType":"\\"}]}`, 70)
	f.Add(strings.Repeat(`\`, 130)+`"{`, 0)
	f.Add(`"`+strings.Repeat(`\`, 129)+`"{",`+strings.Repeat(`\`, 64)+`"[`, 1)
	f.Fuzz(func(t *testing.T, text string, pad int) {
		data := []byte(strings.Repeat(" ", int(uint(pad)%128)) + text)
		want, s := naive(data, [2]byte{'e', 'T'})
		x := &checkedIndex
		if ok := x.Fill(data, [2]byte{'e', 'T'}); ok == s.odd || s.odd != (x.state.odd != 0) {
			t.Fatalf("%q: got %v, odd %d, want odd %v", data, ok, x.state.odd, s.odd)
		}
		if s.odd {
			return // nothing is said of the rest
		}
		if got := x.state.seen(); got != s {
			t.Fatalf("%q: got %+v, want %+v", data, got, s)
		}
		if diff := cmp.Diff(want, x.blocks, cmp.AllowUnexported(block{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%q: %s", data, diff)
		}
		checkTokens(t, x, data)
		checkEnd(t, x, data)
	})
}

func checkTokens(t *testing.T, x *Index, data []byte) {
	t.Helper()
	var want []uint32
	for i := range data {
		b := &x.blocks[i/blockSize]
		if (b.closing|b.opening|b.shut)>>(i%blockSize)&1 != 0 {
			want = append(want, uint32(i))
		}
	}
	end := uint32(len(data))
	if got := x.tokens(nil, len(data)); !slices.Equal(got, append(want, end, end)) {
		t.Fatalf("%q: got tokens %v, want %v", data, got, want)
	}
}

// checkEnd compares ends with those that skipNested finds.
func checkEnd(t *testing.T, x *Index, data []byte) {
	t.Helper()
	for i := range data {
		if x.blocks[i/blockSize].opening>>(i%blockSize)&1 == 0 {
			continue
		}
		want := max(-1, skipNested(data, i+1, 1))
		var marked [2]int
		end, n := x.End(i, marked[:])
		if end != want {
			t.Fatalf("%q: what starts at %d ends at %d, want %d", data, i, end, want)
		}
		for _, at := range marked[:min(n, 2)] {
			if at <= i || data[at] != '"' || data[at+1] != 'e' || data[at+6] != 'T' {
				t.Errorf("%q: %d is marked", data, at)
			}
		}
	}
}

var fastSets = []*Set{
	compile(wanted...),
	compile(nil, Keys("a"), Keys("a", "b").Each("c"), Keys("0", "1"), Keys("")),
	compile(Keys("a", "0"), Keys("a").Each(), Keys("b", "a"), Keys("a", "b", "c"), Keys("eventName")),
	compile(Keys("a")),
}

// FuzzFast compares scans by index with scans without: where the former have an answer it
// is the latter's, and they have one for JSON without escapes in its keys.
func FuzzFast(f *testing.F) {
	needKernel(f)
	f.Add(record(f))
	f.Add([]byte(`{"a":{"b":[1,"x\n",{"c":null},{"c":"y"}]},"d":true,"a":2,"\u0061":"\ud83d"}`))
	f.Add([]byte(` { "a" : [ [ 1 , 2 ] , {} , [ ] ] , "b" : { "a" : -1.5e3 } } `))
	f.Add([]byte(`[[1,"2"],{"a":"b" "c"},{"a":[}]`))
	f.Add([]byte(`{"a":"b","c":tru,"a`))
	f.Add([]byte("{\"a\":\"b\"}\x00\x00"))
	var fast, slow Result
	f.Fuzz(func(t *testing.T, data []byte) {
		valid := json.Valid(trimNUL(data))
		for i, s := range fastSets {
			ok := s.scanFast(data, &fast)
			err := s.scanSlow(trimNUL(data), &slow)
			if !ok {
				if valid && !slices.Contains(data, '\\') {
					t.Fatalf("%q: no answer for set %d", data, i)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%q: set %d is found, want %v", data, i, err)
			}
			if diff := cmp.Diff(slow.spans, fast.spans); diff != "" {
				t.Fatalf("%q: set %d: %s", data, i, diff)
			}
			if diff := cmp.Diff(slow.hits, fast.hits, cmp.AllowUnexported(Hit{}), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%q: set %d: %s", data, i, diff)
			}
		}
	})
}
