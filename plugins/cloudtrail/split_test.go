// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

// splitPieces feeds text to a splitter in pieces of n bytes, as a file reader does, and
// returns the records.
func splitPieces(text string, n int) (records []string, s *splitter, err error) {
	return splitBounded(text, n, 1<<40)
}

// splitBounded is splitPieces with buffers of at most limit bytes.
func splitBounded(text string, n, limit int) (records []string, s *splitter, err error) {
	s = &splitter{}
	var buf []byte
	for last := false; !last && err == nil; {
		piece := text[:min(n, len(text), limit-len(buf))]
		text = text[len(piece):]
		last = text == ""
		buf = append(buf, piece...)
		var spans []logfiles.Span
		var pos int
		pos, spans, err = s.Split(buf, 0, last, nil)
		for _, sp := range spans {
			records = append(records, string(buf[sp.Start:sp.End]))
		}
		buf = append([]byte(nil), buf[pos:]...)
		if err == nil && !last && len(buf) == limit {
			pos, err = s.Drop(buf)
			buf = append([]byte(nil), buf[pos:]...)
		}
	}
	return records, s, err
}

// skipped is the number of what did not become an event.
func (s *splitter) skipped() (n int) {
	for _, k := range s.counts {
		n += k
	}
	return n
}

func TestSplit(t *testing.T) {
	a, b := small(1), small(2)
	f := func(text string, skipped int, want ...string) {
		t.Helper()
		for _, n := range []int{1, 2, 3, 7, 64, 1 << 20} {
			got, s, err := splitPieces(text, n)
			if err != nil {
				t.Errorf("%s in pieces of %d: %v", text, n, err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s in pieces of %d: got %q, want %q", text, n, got, want)
			}
			if s.skipped() != skipped {
				t.Errorf("%s in pieces of %d: got %d skipped, want %d", text, n, s.skipped(), skipped)
			}
		}
	}
	with := func(member string) string {
		return `{"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsApiCall",` + member + `}`
	}
	f(`{"Records":[]}`, 0)
	f(`{"Events":[]}`, 0)
	f(`[]`, 0)
	f(`[[],[]]`, 0)
	f(`[{},`+a+`]`, 1, a)
	f(logText(a), 0, a)
	f(logText(a, b), 0, a, b)
	f(" { \"Records\" : [ "+a+" ,\n"+b+" ] } \n", 0, a, b)
	f(`{"v":{"x":[{"y":"}"}]},"Records":[`+a+`],"n":12}`, 0, a)
	f(`{"n":12,"Records":[`+a+`]}`, 0, a)
	f(`{"\u0052ecords":[`+a+`]}`, 0, a)
	f(logText(a)+"\n"+logText(b), 0, a, b)
	// Commas that are missing or too many.
	f(`{"Records":[`+a+"\n"+b+`]}`, 0, a, b)
	f(`{"Records":[`+a+b+`]}`, 0, a, b)
	f(`{"Records":[,`+a+`,,`+b+`,]}`, 0, a, b)
	f(`{,"x":1 "y":2,,"Records":[`+a+`]"z":3,}`, 0, a)
	f(logText(a)+",\n"+logText(b)+",", 0, a, b)
	f(","+logText(a)+logText(b), 0, a, b)
	f(logText(a, "7", "null", `"s"`, "[{}]", b), 4, a, b)
	// Brackets and quotes in strings.
	tricky := with(`"x":"}]},{\"eventTime\":","y":["\\",{"z":"\\\""}]`)
	f(logText(tricky, a), 0, tricky, a)
	// Braces in strings, several keys of a name, names as values, white space: what the
	// quick way of finding a record has to cope with.
	for _, record := range []string{
		with(`"x":"{"`), with(`"x":"}"`), with(`"x":"{{}","y":{"z":"}"}`), with(`"x":["eventTime","eventType"]`),
		with(`"x":{"eventTime":1,"eventType":2}`), with(`"eventTime":"never","eventType":null`), with(`"x":"eventType","y":"T"`),
		`{"x":{"eventTime":"no","eventType":[]},"eventTime" : "2026-03-04T01:02:03Z" , "eventType":` + "\n" + `"AwsApiCall"}`,
		`{"eventType":"a{b","x":[{},{"T":"T"}],"eventTime":"2026-03-04T01:02:03Z"}`,
		`{"T":"Time","eventTime":"2026-03-04T01:02:03Z","XeventType":1,"eventType":"","eventTypeX":2}`,
	} {
		f(logText(record, a), 0, record, a)
		f(logText(a, record), 0, a, record)
	}
	f(logText(`{"eventType":null,"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsApiCall"}`, a), 1, a)
	f(logText(`{"x":"eventType","eventTime":"2026-03-04T01:02:03Z"}`, a), 1, a)
	// Records that are left out.
	f(logText(`{}`, a), 1, a)
	f(logText(`{"eventTime":"2026-03-04T01:02:03Z"}`), 1)
	f(logText(`{"eventType":"AwsApiCall"}`), 1)
	f(logText(`{"eventTime":"yesterday","eventType":"AwsApiCall"}`), 1)
	f(logText(`{"eventTime":1700000000,"eventType":"AwsApiCall"}`), 1)
	f(logText(`{"eventTime":"2026-03-04T01:02:03Z","eventType":null}`), 1)
	f(logText(`{"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsCloudTrailInsight"}`), 1)
	f(logText(`{"x":{"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsApiCall"}}`), 1)
	// A record whose brackets are in order is left out alone.
	f(logText(`{"eventTime" "2026-03-04T01:02:03Z"}`, a), 1, a)
}

func TestSplitDamage(t *testing.T) {
	a, b := small(1), small(2)
	f := func(text, want string, records ...string) {
		t.Helper()
		for _, n := range []int{1, 5, 1 << 20} {
			got, _, err := splitPieces(text, n)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q in pieces of %d: got error %v, want %q", text, n, err, want)
			}
			if !slices.Equal(got, records) {
				t.Errorf("%q in pieces of %d: got %q, want %q", text, n, got, records)
			}
		}
	}
	f("", "the file is empty")
	f(" \n", "the file is empty")
	f("{}", "no records")
	f(`{"Records":null}`, "no records")
	f(`{"Records":"x"}`, "no records")
	f(`{"logFiles":[{"s3Bucket":"b"}]}`, "no records")
	f(`{"a":1}{"b":[{"eventTime":"2026-03-04T01:02:03Z","eventType":"x"}]}`, "no records")
	f("plain text", "unexpected 'p'")
	f(`{"Records":[`+a+`,`+b[:40], "in the middle of its records", a)
	f(`{"Records":[`+a+`,`, "in the middle of its records", a)
	f(`{"Records":[`+a, "in the middle of its records", a)
	f(`{"Records":[`+a+`]`, "in the middle of its records", a)
	f(`{"Rec`, "ends too early")
	f(`{"Records":[`+a+`}`, "unexpected '}'", a)
	f(`{"Records":[`+a+`]]}`, "unexpected ']'", a)
	f(`{"Records":[`+a+`]}]`, "unexpected ']'", a)
	f(`[`+a, "in the middle of its records", a)
	f(a[:20], "ends too early")
	f(a+a[:20], "in the middle of its records", a)
	f(`[{"a":1},{"b":[]}]`, "no records")
	f(`[1]`, "no records")
	f(`["text"]`, "no records")
	f(`"text"`, "unexpected '\"'")
	f(`12`, "unexpected '1'")
	f("\xEF\xBB", `unexpected 'ï'`)
	f("\xEF\xBB\xBF", "the file is empty")
	f(logText(a)+"x", "unexpected 'x'", a)
	f(`{"Records" [`+a+`]}`, "unexpected '['")
}

func TestSplitOversize(t *testing.T) {
	record := func(size int) string {
		const head, tail = `{"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsApiCall","x":"`, `"}`
		return head + strings.Repeat("y", size-len(head)-len(tail)) + tail
	}
	got, s, err := splitPieces(logText(record(MaxRecord+1), record(MaxRecord), record(MaxRecord+7), small(1)), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || len(got[0]) != MaxRecord || got[1] != small(1) {
		t.Errorf("got %d records", len(got))
	}
	if n := s.counts[tooLarge]; n != 2 || s.largest != MaxRecord+7 {
		t.Errorf("got %d too large, the largest %d, want 2 and %d", n, s.largest, MaxRecord+7)
	}
}

// quickly returns what the quick way has to say of the record at text[start], with an
// index or without.
func quickly(text string, start int, indexed bool) (q quick, ok, short bool) {
	q.reset([]byte(text), 0)
	q.indexed = q.indexed && indexed
	ok, short = q.find([]byte(text), start)
	return q, ok, short
}

// Usual records are found in the quick way, and unusual ones are not.
func TestQuick(t *testing.T) {
	const start = len(`{"Records":[`)
	f := func(record string, want bool) {
		t.Helper()
		for _, indexed := range []bool{false, true} {
			// Backslashes are for the index.
			if strings.Contains(record, `\`) {
				want = indexed && jsonscan.Available() && !strings.Contains(record, `\u`)
			}
			q, ok, short := quickly(logText(record, small(1)), start, indexed)
			if ok != want || short {
				t.Fatalf("%.80s: got %v, %v, want %v", record, ok, short, want)
			}
			if ok && q.end != start+len(record) {
				t.Errorf("%.80s: got end %d, want %d", record, q.end, start+len(record))
			}
		}
	}
	for _, r := range sampleRecords(t) {
		f(r, true)
	}
	f(small(1), true)
	f(`{"eventTime":"2026-03-04T01:02:03Z"}`, false)
	f(`{"eventTime":1,"eventType":"x"}`, false)
	f(`{"x":"\\","eventTime":"2026-03-04T01:02:03Z","eventType":"x"}`, true)
	f(`{"x":"\u0041","eventTime":"2026-03-04T01:02:03Z","eventType":"x"}`, false)
	f(`{"x":{"eventTime":"2026-03-04T01:02:03Z"},"eventType":"x"}`, false)
	f(`{"x":"eventTime","eventTime" : "2026-03-04T01:02:03Z","eventType":"x","eventType":1}`, true)
	for _, indexed := range []bool{false, true} {
		if _, ok, short := quickly(small(1), 0, indexed); !ok || short {
			t.Errorf("got %v, %v", ok, short)
		}
		if _, ok, short := quickly(small(1)[:60], 0, indexed); ok || !short {
			t.Errorf("cut: got %v, %v, want short", ok, short)
		}
	}
}

// FuzzQuick compares the quick way with an index, without one, and the scan: of JSON, who
// has an answer has the same.
func FuzzQuick(f *testing.F) {
	f.Add(small(1))
	f.Add(`{"x":["}",{"eventTime":1}],"eventType":"x","eventTime" : "2026-03-04T01:02:03Z"}`)
	f.Fuzz(func(t *testing.T, record string) {
		if !json.Valid([]byte(record)) || record[0] != '{' {
			return
		}
		text := record + "," + small(1)
		var s splitter
		end, _ := s.scan([]byte(text), 0)
		time, why := s.scanned()
		for _, indexed := range []bool{false, true} {
			q, found, short := quickly(text, 0, indexed)
			if short {
				t.Fatalf("%q, index %v: short", record, indexed)
			}
			if !found {
				continue
			}
			at, because := wanted(q.time.of([]byte(text)), q.typ.of([]byte(text)))
			if q.end != end || because != why || at != time {
				t.Errorf("%q, index %v: got %d, %d, %v, want %d, %d, %v", record, indexed, q.end, at, because, end, time, why)
			}
		}
	})
}

// FuzzSplit has encoding/json as the oracle: of a document that it accepts, the splitter
// finds the records that the oracle sees, in pieces of any size. Of anything else it finds
// the same in pieces as in one.
func FuzzSplit(f *testing.F) {
	f.Add(logText(small(1), `{"a":["}"]}`, small(2)), 5)
	f.Add(`{"x":[1,{"Records":[]}],"Records":[{"eventTime":"2026-03-04T01:02:03.5+01:00","eventType":"x\"y"},1,null]}`, 1)
	f.Add(`{"Records":[{"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsCloudTrailInsight"}]`, 3)
	for _, doc := range forms(small(1)) {
		f.Add(doc, 7)
		f.Add("["+doc+"]", 9)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		if len(text) > 1<<11 {
			return
		}
		whole, s, err := splitPieces(text, 1<<30)
		pieces, s2, err2 := splitPieces(text, max(1, n%64))
		if !slices.Equal(whole, pieces) || (err == nil) != (err2 == nil) || s.skipped() != s2.skipped() || s.digests != s2.digests {
			t.Fatalf("whole: %q, %v, %v; in pieces: %q, %v, %v", whole, err, s.counts, pieces, err2, s2.counts)
		}
		if !json.Valid([]byte(text)) || !utf8.ValidString(text) {
			return
		}
		want, ok, sure := oracleRecords(t, text)
		if !sure {
			return
		}
		if s.counts != s2.counts { // of what is no JSON a quick look may see another fault
			t.Fatalf("whole: %v; in pieces: %v", s.counts, s2.counts)
		}
		if ok != (err == nil) {
			t.Fatalf("got error %v, want none: %v", err, ok)
		}
		if !slices.Equal(whole, want) {
			t.Fatalf("got %q, want %q", whole, want)
		}
	})
}

// FuzzSplitBounded feeds buffers that cannot hold everything: what is found is found
// without this bound too, in the same order, and nothing else ends the file.
func FuzzSplitBounded(f *testing.F) {
	for _, doc := range forms(small(1)) {
		f.Add(`{"pad":["`+strings.Repeat("x", 300)+`"],`+doc[1:], 7, 90)
		f.Add(`[{"pad":"`+strings.Repeat(`\"`, 300)+`"},`+doc+`]`, 7, 120)
	}
	f.Add(logText(small(1), `{"pad":"`+strings.Repeat("x", 300)+`"}`, small(2)), 50, 100)
	f.Fuzz(func(t *testing.T, text string, n, limit int) {
		if len(text) > 1<<11 || !json.Valid([]byte(text)) {
			return
		}
		limit = 16 + int(uint(limit)%200)
		whole, _, err := splitPieces(text, 1<<30)
		got, s, err2 := splitBounded(text, max(1, n%64), limit)
		again, s2, err3 := splitBounded(text, 1<<30, limit)
		if !slices.Equal(got, again) || (err2 == nil) != (err3 == nil) || s.skipped() != s2.skipped() {
			t.Fatalf("in pieces: %q, %v, %v; not in pieces: %q, %v, %v", got, err2, s.counts, again, err3, s2.counts)
		}
		if err2 != nil && err == nil && !strings.Contains(err2.Error(), "a name is larger") {
			t.Fatalf("within %d bytes: %v", limit, err2)
		}
		for _, r := range got {
			i := slices.Index(whole, r)
			if i < 0 {
				t.Fatalf("within %d bytes: got %q, want only of %q", limit, got, whole)
			}
			whole = whole[i+1:]
		}
	})
}

func TestParseTime(t *testing.T) {
	f := func(text string) {
		t.Helper()
		got, ok := parseTime([]byte(text))
		tm, err := time.Parse(time.RFC3339, text)
		want := uint64(tm.UnixNano())
		if wantOK := err == nil && tm.Unix() >= 0 && tm.UTC().Year() <= 2261; ok != wantOK || ok && got != want {
			t.Errorf("%s: got %d, %v, want %d, %v", text, got, ok, want, wantOK)
		}
	}
	for day := time.Date(1969, 12, 25, 23, 59, 58, 0, time.UTC); day.Year() < 2105; day = day.AddDate(0, 0, 1) {
		f(day.Format(time.RFC3339))
	}
	for _, text := range []string{
		"2026-03-04T01:02:03.123456789Z", "2026-03-04T01:02:03+02:00", "1970-01-01T00:00:00+01:00", "1969-12-31T23:30:00-01:00", "2026-02-29T00:00:00Z", "2024-02-29T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01 00:00:00Z", "", "20x6-01-01T00:00:00Z",
		"2026-01-01T00:00:0:Z", "9999-01-01T00:00:00Z", "1900-01-01T00:00:00Z", "2026-01-32T00:00:00Z",
	} {
		f(text)
	}
}

// The paths of the splitter cost nothing per record.
func TestSplitAllocs(t *testing.T) {
	text := []byte(logText(repeat(sampleRecords(t), 50)...))
	s := splitter{result: jsonscan.Result{}}
	var out []logfiles.Span
	if n := testing.AllocsPerRun(50, func() {
		s.Reset()
		_, out, _ = s.Split(text, 0, true, out[:0])
	}); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}
