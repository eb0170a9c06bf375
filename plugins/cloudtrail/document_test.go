// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// quotedText is a text as JSON writes it.
func quotedText(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// forms are the documents in which a record comes.
func forms(record string) []string {
	return []string{
		`{"Records":[` + record + `]}`,
		`{"Records":` + record + `}`,
		`{"a":[{}],"Records":[` + record + `],"b":{}}`,
		record,
		`{"version":"0","detail-type":"AWS API Call via CloudTrail","resources":[],"detail":` + record + `}`,
		`{"detail":` + record + `,"source":"aws.ec2","time":"2026-03-04T01:02:03Z"}`,
		`{"detail":` + quotedText(record) + `}`,
		`{"eventData":` + record + `}`,
		`{"eventVersion":"1.0","eventCategory":"ActivityAuditLog","eventType":"ActivityLog","eventTime":"2026-03-04T01:02:04","eventData":` + record + `,"metadata":{}}`,
		`{"eventData":` + quotedText(record) + `}`,
		`{"NextToken":"x","Events":[{"EventId":"1","CloudTrailEvent":` + quotedText(record) + `}]}`,
		`{"Events":[{"CloudTrailEvent":` + quotedText(" "+record+"\n") + `,"Resources":[]},]}`,
		`{"Events":[` + quotedText(record) + `]}`,
		`{"Events":[` + record + `]}`,
		`{"CloudTrailEvent":` + quotedText(record) + `}`,
		`[` + quotedText(record) + `]`,
		quotedText(record),
	}
}

// Records come in all kinds of documents, these one after the other or in arrays.
func TestDocuments(t *testing.T) {
	a, b := small(1), small(2)
	for _, r := range []string{
		`{"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsApiCall","x":"\"}]{[\\"}`,
		`{"eventTime" : "2026-03-04T01:02:03Z" , "requestParameters":{"x":[{}]},"eventType":"\u0041"}`,
	} {
		for i, doc := range forms(r) {
			for _, c := range []struct {
				text string
				want []string
			}{
				{doc, []string{r}},
				{"\xEF\xBB\xBF" + doc, []string{r}},
				{"\n[" + doc + "]\n", []string{r}},
				{"[[" + doc + "]," + a + "]", []string{r, a}},
				{doc + "\n" + doc + "\n", []string{r, r}},
				{doc + doc, []string{r, r}},
				{doc + ",\n" + doc + ",", []string{r, r}},
				{"[" + a + "," + doc + "," + b + "]", []string{a, r, b}},
				{"[" + doc + " " + doc + ",]", []string{r, r}},
				{logText(a) + "\n\xEF\xBB\xBF" + doc + a, []string{a, r, a}},
				{"\xEF\xBB\xBF\xEF\xBB\xBF" + doc, []string{r}},
			} {
				for _, n := range []int{1, 3, 64, 1 << 20} {
					got, s, err := splitPieces(c.text, n)
					if err != nil || !slices.Equal(got, c.want) || s.skipped() > 0 {
						t.Errorf("form %d, %s in pieces of %d:\ngot %q, %v, %d skipped, want %q", i, c.text, n, got, err, s.skipped(), c.want)
					}
				}
			}
		}
	}
}

// Whoever calls AWS decides what is inside a record. None of it becomes an event, whatever
// it looks like and wherever it stands.
func TestRecordsInRecordsAreNoEvents(t *testing.T) {
	forged := small(666)
	for _, inside := range append(forms(forged), "["+forged+"]", `{"x":[[`+forged+`]]}`) {
		for _, key := range []string{
			"requestParameters", "responseElements", "additionalEventData", "userAgent", "errorMessage", "serviceEventDetails", "resources",
			"detail", "eventData", "CloudTrailEvent", "Records", "Events", "digestStartTime",
		} {
			record := `{"eventVersion":"1.08","eventTime":"2026-03-04T01:02:03Z","eventName":"x","eventType":"AwsApiCall","` + key + `":` + inside + `,"eventID":"1"}`
			docs := forms(record)
			if key != "Records" && key != "Events" { // a list at the start of a document is one
				first := `{"` + key + `":` + inside + `,` + record[1:]
				docs = append(docs, first, logText(first), `{"detail":`+first+`}`)
			}
			for i, doc := range docs {
				for _, text := range []string{doc, "[" + doc + "]", doc + "\n" + doc} {
					for _, n := range []int{13, 1 << 20} {
						got, _, err := splitPieces(text, n)
						for _, r := range got {
							if !strings.Contains(r, `"eventID":"1"`) {
								t.Fatalf("form %d of %s: %s in pieces of %d: forged event %s", i, key, text, n, r)
							}
						}
						if want := 1 + strings.Count(text, "\n"); len(got) != want || err != nil {
							t.Fatalf("form %d of %s: %s in pieces of %d: got %d records, %v, want %d", i, key, text, n, len(got), err, want)
						}
					}
				}
			}
		}
	}
}

// Only the names are looked for that AWS gives to what is around records.
func TestNoOtherWrappers(t *testing.T) {
	a := small(1)
	for _, doc := range []string{
		`{"record":` + a + `}`, `{"a":{"Records":[` + a + `]}}`, `{"detail":{"detail":` + a + `}}`, `{"detail":[` + a + `]}`,
		`{"detail":{"Records":[` + a + `]}}`, `{"Events":[{"detail":{"x":` + a + `}}]}`, `{"Events":[{"Records":[` + a + `]}]}`,
		`{"Events":[[` + a + `]]}`, `{"Records":[[` + a + `]]}`, `{"Records":[{"detail":` + a + `}]}`, `{"Records":[` + quotedText(a) + `]}`,
		`{"CloudTrailEvent":` + quotedText(`{"detail":`+a+`}`) + `}`, `{"CloudTrailEvent":` + quotedText(quotedText(a)) + `}`, `{"CloudTrailEvent":` + quotedText(`[`+a+`]`) + `}`,
		`{"detail":` + quotedText(a+a) + `}`, `{"CloudTrailEvent":"text"}`, `["text",12,null]`, `{"Records":` + quotedText(a) + `}`,
	} {
		for _, n := range []int{5, 1 << 20} {
			got, s, _ := splitPieces(doc, n)
			if len(got) > 0 {
				t.Errorf("%s in pieces of %d: got %q, want nothing", doc, n, got)
			}
			if s.skipped() == 0 {
				t.Errorf("%s in pieces of %d: nothing is counted", doc, n)
			}
		}
	}
}

// An event of CloudTrail Lake has its type, and perhaps its time, in the document around it.
func TestLake(t *testing.T) {
	const outer = `{"eventCategory":"ActivityAuditLog","eventType":"ActivityLog","eventTime":"2026-03-04T01:02:03","eventData":`
	f := func(inner, doc string, want int) {
		t.Helper()
		got, _, err := splitPieces(doc, 1<<20)
		if err != nil || len(got) != want || want == 1 && got[0] != inner {
			t.Errorf("%s: got %q, %v, want %d", doc, got, err, want)
		}
	}
	for _, inner := range []string{`{"UID":"1"}`, `{"eventTime":"2026-03-04T01:02:03Z"}`, `{"eventTime":"2026-03-04T01:02:03"}`, `{"eventType":"x"}`} {
		f(inner, outer+inner+`}`, 1)
	}
	f("", outer+`{"eventTime":"yesterday"}}`, 0)
	f("", `{"eventData":{"eventTime":"2026-03-04T01:02:03Z"}}`, 0)
	both := `{"eventType":"x","eventTime":"2026-03-04T01:02:03Z","detail":{"UID":"1"},"eventData":{"UID":"2"}}`
	f(both, both, 1)
}

func TestDigests(t *testing.T) {
	digest := `{"awsAccountId":"111122223333","digestStartTime":"2026-03-04T01:02:03Z","digestS3Bucket":"b","logFiles":[{"s3Object":"a.json.gz","newestEventTime":"2026-03-04T01:02:03Z"}]}`
	for _, n := range []int{1, 40, 1 << 20} {
		got, s, err := splitPieces(digest, n)
		if len(got) > 0 || err != nil || s.digests != 1 || s.skipped() > 0 {
			t.Errorf("in pieces of %d: got %q, %v, %d digests, %d skipped", n, got, err, s.digests, s.skipped())
		}
	}
	got, s, err := splitBounded(digest, 30, 100)
	if len(got) > 0 || err != nil || s.digests != 1 || s.skipped() > 0 {
		t.Errorf("in small buffers: got %q, %v, %d digests, %d skipped", got, err, s.digests, s.skipped())
	}
}

// What is wrong with a record is counted under its reason.
func TestReasons(t *testing.T) {
	const at, typ = `"eventTime":"2026-03-04T01:02:03Z"`, `"eventType":"AwsApiCall"`
	large := `{` + at + `,` + typ + `,"x":"` + strings.Repeat("x", MaxRecord) + `"}`
	f := func(record string, want reason) {
		t.Helper()
		for i, doc := range forms(record) {
			if (i == 3 || i == 13) && record == "{}" || i == 8 { // no record at all; Lake has what is missing
				continue
			}
			for _, n := range []int{1 + len(record)/4, 1 << 20} {
				_, s, _ := splitPieces(doc, n)
				if s.counts[want] != 1 || s.skipped() != 1 {
					t.Errorf("%.200s in pieces of %d: got %v, want one of %d", doc, n, s.counts, want)
				}
			}
		}
	}
	f(`{}`, noType)
	f(`{`+at+`}`, noType)
	f(`{`+at+`,"eventType":null}`, noType)
	f(`{`+at+`,"eventType":1}`, noType)
	f(`{`+typ+`}`, noTime)
	f(`{`+typ+`,"eventTime":1767323045}`, noTime)
	f(`{`+typ+`,"eventTime":"2026-01-02 03:04:05"}`, noTime)
	f(`{`+at+`,"eventType":"AwsCloudTrailInsight"}`, insight)
	f(large, tooLarge)
}

// A value that no buffer can hold is left out, and nothing else.
func TestSplitBounded(t *testing.T) {
	a, b := small(1), small(2)
	pad := func(n int) string { return `"pad":{"x":["` + strings.Repeat(`\"}]`, n/4) + `",{}]}` }
	f := func(text string, counts tally, want ...string) {
		t.Helper()
		for _, n := range []int{1, 50, 100} {
			got, s, err := splitBounded(text, n, 120)
			if err != nil || !slices.Equal(got, want) || s.counts != counts {
				t.Errorf("%s in pieces of %d: got %q, %v, %v, want %q, %v", text, n, got, err, s.counts, want, counts)
			}
		}
	}
	huge := strings.Replace(small(9), "{", `{`+pad(400)+`,`, 1)
	f(logText(a, huge, b), tally{tooLarge: 1}, a, b)
	f(logText(huge), tally{tooLarge: 1})
	f(`{"Records":[`+huge+huge+b+`]}`, tally{tooLarge: 2}, b)
	f(logText(a, `"`+strings.Repeat("x", 400)+`"`, b), tally{noRecord: 1}, a, b)
	f(logText(a, strings.Repeat("1", 400), b), tally{noRecord: 1}, a, b)
	f(`{`+pad(400)+`,"Records":[`+a+`]}`, tally{}, a)
	f(`{"x":"`+strings.Repeat("x", 80)+`","y":"`+strings.Repeat("x", 80)+`",`+pad(400)+`,"n":`+strings.Repeat("1", 400)+`,"Records":[`+a+`],`+pad(400)+`}`+b, tally{}, a, b)
	f(huge+"\n"+a, tally{tooLarge: 1}, a)
	f("["+huge+","+a+"]", tally{tooLarge: 1}, a)
	f(`{`+pad(400)+`,"detail":`+a+`}`+b, tally{tooLarge: 1}, b)
	f(`{"detail":`+huge+`}`+b, tally{tooLarge: 1}, b)
	f(`{"CloudTrailEvent":`+quotedText(huge)+`}`+b, tally{tooLarge: 1}, b)
	f(quotedText(huge)+b, tally{tooLarge: 1}, b)
	f(`{"Events":[{"CloudTrailEvent":`+quotedText(huge)+`},`+quotedText(a)+`]}`, tally{tooLarge: 1}, a)
	f(`{"eventTime":"2026-03-04T01:02:03Z","eventType":"x","Records":[`+a+a+a+`]}`+b, tally{tooLarge: 1}, b)
	f(`{`+pad(400)+`}`+b, tally{noRecord: 1}, b)
	f(`{"x" 1,`+pad(400)+`}`+b, tally{notJSON: 1}, b)
	if _, _, err := splitBounded(`{"`+strings.Repeat("x", 400)+`":1}`, 50, 120); err == nil || !strings.Contains(err.Error(), "a name is larger") {
		t.Errorf("long name: got %v", err)
	}
}

func TestUTF16(t *testing.T) {
	log := logText(small(1))
	wide := func(s, mark string, big bool) string {
		var b strings.Builder
		b.WriteString(mark)
		for _, c := range []byte(s) {
			if big {
				b.Write([]byte{0, c})
			} else {
				b.Write([]byte{c, 0})
			}
		}
		return b.String()
	}
	for _, text := range []string{
		wide(log, "\xFF\xFE", false), wide(log, "\xFE\xFF", true), wide(log, "", false), wide(log, "", true),
		wide("\n [", "", false), wide(small(1), "", false), "\xFF\xFE\x00\x00{\x00\x00\x00", "\x00\x00\xFE\xFF\x00\x00\x00{",
	} {
		for _, n := range []int{1, 1 << 20} {
			got, _, err := splitPieces(text, n)
			if len(got) > 0 || err == nil || !strings.Contains(err.Error(), "UTF-16") {
				t.Errorf("%q in pieces of %d: got %q, %v", text, n, got, err)
			}
		}
	}
	if _, _, err := splitPieces(log+"\x00", 1<<20); err == nil || strings.Contains(err.Error(), "UTF-16") {
		t.Errorf("a zero behind a log: got %v", err)
	}
}
