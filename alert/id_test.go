// SPDX-License-Identifier: Apache-2.0

package alert

import (
	"encoding/json"
	"testing"
)

// TestID: the ID is what it was, and every part of it matters.
func TestID(t *testing.T) {
	id := NewID(2, "aws", 3, []byte("payload"), "rule")
	if want := "0f8db16db6dd68d1f172fff285ee8199"; id.String() != want {
		t.Errorf("ID %s, want %s: IDs must not change between versions", id, want)
	}
	seen := map[ID]bool{id: true}
	for i, other := range []ID{
		NewID(1, "aws", 3, []byte("payload"), "rule"), NewID(2, "awsp", 3, []byte("ayload"), "rule"),
		NewID(2, "aws", 4, []byte("payload"), "rule"), NewID(2, "aws", 3, []byte("payloadr"), "ule"),
		NewID(2, "aws", 3, []byte("payload"), "rulE"), NewID(2, "aws", 3, nil, "rule"),
	} {
		if seen[other] {
			t.Errorf("variant %d has the ID of another", i)
		}
		seen[other] = true
	}
}

// TestIDInJSON: the member "id" is there if it is asked for and there is one.
func TestIDInJSON(t *testing.T) {
	m := NewMeta("rule", "aws", Warning, nil)
	id := NewID(2, "aws", 3, nil, "rule")
	f := func(include bool, id ID, want any) {
		t.Helper()
		e := Encoder{JSON: true, IncludeID: include}
		var got map[string]any
		if err := json.Unmarshal(e.AppendWithID(nil, m, 0, id, nil, nil), &got); err != nil {
			t.Fatal(err)
		}
		if got["id"] != want {
			t.Errorf("include %v: id %v, want %v", include, got["id"], want)
		}
	}
	f(true, id, id.String())
	f(true, ID{}, nil)
	f(false, id, nil)
}
