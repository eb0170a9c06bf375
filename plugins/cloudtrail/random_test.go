// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// randomLog makes logs that are valid and full of what could mislead the splitter.
type randomLog struct{ *rand.Rand }

func (r randomLog) pick(list ...string) string { return list[r.IntN(len(list))] }

func (r randomLog) space() string { return r.pick("", "", "", "", " ", "\n") }

func (r randomLog) text() string {
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString(r.pick("{", "}", "[", "]", ",", ":", "T", "Time", "event", "eventTime", "eventType", " ", "x", `},{`, `]}`,
			strings.Repeat("long", 9)))
	}
	if r.IntN(12) == 0 {
		b.WriteString(r.pick(`\"`, `\\`, `\"eventTime\":\"`, `\\\"}`, `\u0054`))
	}
	return `"` + b.String() + `"`
}

func (r randomLog) key() string {
	if r.IntN(3) == 0 {
		return r.pick(`"eventTime"`, `"eventType"`, `"Records"`, `"eventT\u0069me"`)
	}
	return r.text()
}

func (r randomLog) value(depth int) string {
	switch n := r.IntN(10); {
	case n < 2 && depth > 0:
		return r.object(depth-1, nil)
	case n < 3 && depth > 0:
		var parts []string
		for range r.IntN(4) {
			parts = append(parts, r.space()+r.value(depth-1)+r.space())
		}
		return "[" + strings.Join(parts, ",") + "]"
	case n < 5:
		return r.pick("1", "-2.5e3", "true", "false", "null", "{}", "[]", `""`)
	case n < 6:
		return r.pick(`"2026-03-04T01:02:03Z"`, `"AwsApiCall"`, `"AwsCloudTrailInsight"`)
	default:
		return r.text()
	}
}

// object makes an object of random members and the given ones.
func (r randomLog) object(depth int, members []string) string {
	for range r.IntN(5) {
		members = append(members, r.key()+r.space()+":"+r.space()+r.value(depth))
	}
	r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	for i := range members {
		members[i] = r.space() + members[i] + r.space()
	}
	return "{" + strings.Join(members, ",") + "}"
}

func (r randomLog) record() string {
	if r.IntN(8) == 0 {
		return r.value(3)
	}
	return r.object(3, []string{
		`"eventTime"` + r.space() + `:"2026-03-04T01:02:03Z"`,
		`"eventType":` + r.space() + r.pick(`"AwsApiCall"`, `"x{"`, `""`),
	})
}

func (r randomLog) log() string {
	var records []string
	for range r.IntN(5) {
		records = append(records, r.space()+r.record()+r.space())
	}
	return r.object(2, []string{`"Records":` + r.space() + "[" + strings.Join(records, ",") + "]"})
}

// In every valid log the splitter finds what encoding/json finds, in pieces of any size.
func TestSplitRandom(t *testing.T) {
	r := randomLog{rand.New(rand.NewPCG(1, 2))}
	found := 0
	for range 4000 {
		text := r.log()
		if !json.Valid([]byte(text)) {
			t.Fatalf("the generator made %s", text)
		}
		want, ok, _ := oracleRecords(t, text)
		for _, n := range []int{1 + r.IntN(40), 1 << 20} {
			got, _, err := splitPieces(text, n)
			if !slices.Equal(got, want) || ok != (err == nil) {
				t.Fatalf("%s in pieces of %d: got %q, %v, want %q", text, n, got, err, want)
			}
		}
		found += len(want)
	}
	if found < 4000 {
		t.Errorf("got %d records in all, too few to mean something", found)
	}
}
