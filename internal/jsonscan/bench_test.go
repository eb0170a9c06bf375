// SPDX-License-Identifier: Apache-2.0

package jsonscan

import (
	"encoding/json"
	"os"
	"testing"
)

// record is a CloudTrail record of about 2 KB in one line.
func record(tb testing.TB) []byte {
	tb.Helper()
	data, err := os.ReadFile("testdata/record.json")
	if err != nil {
		tb.Fatal(err)
	}
	return Compact(data, newArena())
}

var wanted = []Path{
	Keys("eventName"), Keys("eventSource"), Keys("errorCode"), Keys("awsRegion"),
	Keys("userIdentity", "type"), Keys("userIdentity", "userName"),
	Keys("userIdentity", "sessionContext", "sessionIssuer", "userName"),
	Keys("requestParameters", "bucketName"), Keys("requestParameters", "key"),
	Keys("sourceIPAddress"), Keys("userAgent"), Keys("additionalEventData", "MFAUsed"),
}

func compile(paths ...Path) *Set {
	var b Builder
	for _, p := range paths {
		b.Add(p)
	}
	return b.Build()
}

func BenchmarkScan(b *testing.B) {
	data := record(b)
	s := compile(wanted...)
	var r Result
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Scan(data, &r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSkip is the floor: brackets and strings and nothing else.
func BenchmarkSkip(b *testing.B) {
	data := record(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if skipValue(data, 0) != len(data) {
			b.Fatal("record is not one value")
		}
	}
}

// BenchmarkValid is what it would cost to check every byte first.
func BenchmarkValid(b *testing.B) {
	data := record(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if !json.Valid(data) {
			b.Fatal("record is not valid")
		}
	}
}
