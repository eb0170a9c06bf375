// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// oracle finds the records of documents with encoding/json: what the splitter has to find.
type oracle struct {
	t       *testing.T
	records []string
	found   bool // a list of records, or a record
	digest  bool
	listed  bool // an array of documents
	foreign bool // something that is neither
	unsure  bool // a record that is written as a text is no JSON
}

// pair is a member of an object: there may be several with one name.
type pair struct {
	key   string
	value json.RawMessage
}

func (o *oracle) members(raw json.RawMessage) (list []pair) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		o.t.Fatal(err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			o.t.Fatal(err)
		}
		p := pair{key: key.(string)}
		if err := d.Decode(&p.value); err != nil {
			o.t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

func (o *oracle) elements(raw json.RawMessage) (list []json.RawMessage) {
	if err := json.Unmarshal(raw, &list); err != nil {
		o.t.Fatal(err)
	}
	return list
}

// document takes a value that stands in the file or in an array, or with lists false a
// result of lookup-events.
func (o *oracle) document(raw json.RawMessage, lists bool) {
	raw = bytes.TrimSpace(raw)
	switch {
	case raw[0] == '[' && lists:
		o.listed = true
		for _, e := range o.elements(raw) {
			o.document(e, true)
		}
	case raw[0] == '"':
		o.inner(raw, nil)
	case raw[0] == '{':
		o.object(raw, lists)
	default:
		o.foreign = true
	}
}

func (o *oracle) object(raw json.RawMessage, lists bool) {
	first := map[string]json.RawMessage{} // of equal names the first counts
	var wrapped *pair
	listed := false
	for _, p := range o.members(raw) {
		if lists && p.value[0] == '[' && (p.key == "Records" || p.key == "Events") && (listed || !aRecord(first, wrapped)) {
			listed, o.found = true, true
			o.list(p)
		}
		if listed {
			continue
		}
		if _, dup := first[p.key]; !dup {
			first[p.key] = p.value
		}
		if c := p.value[0]; wrapped == nil {
			switch p.key {
			case "detail", "CloudTrailEvent", "eventData":
				if c == '{' || c == '"' {
					wrapped = &p
				}
			case "Records":
				if c == '{' {
					wrapped = &p
				}
			}
		}
	}
	_, named := first["eventName"]
	_, source := first["eventSource"]
	_, start := first["digestStartTime"]
	_, object := first["digestS3Object"]
	switch {
	case listed:
	case aRecord(first, wrapped):
		o.found = true
		o.record(raw, textOf(first["eventTime"]), textOf(first["eventType"]))
	case wrapped != nil:
		o.found = true
		if wrapped.key != "eventData" {
			first = nil
		}
		o.inner(wrapped.value, first)
	case start || object:
		o.digest = true
	case textOf(first["eventTime"]) != nil || textOf(first["eventType"]) != nil || named || source:
		o.found = true
	default:
		o.foreign = true
	}
}

func aRecord(m map[string]json.RawMessage, wrapped *pair) bool {
	_, named := m["eventName"]
	_, source := m["eventSource"]
	return textOf(m["eventTime"]) != nil && textOf(m["eventType"]) != nil && (named || source || wrapped == nil || wrapped.key != "eventData")
}

func (o *oracle) list(p pair) {
	for _, e := range o.elements(p.value) {
		switch {
		case p.key == "Events":
			if e[0] == '{' || e[0] == '"' {
				o.document(e, false)
			}
		case e[0] == '{':
			o.whole(e, nil)
		}
	}
}

// inner takes a record, an object or a text with one. outer are the members of an event of
// CloudTrail Lake around it.
func (o *oracle) inner(value json.RawMessage, outer map[string]json.RawMessage) {
	if value[0] == '"' {
		s := textOf(value)
		if *s = strings.TrimLeft(*s, " \t\r\n"); !strings.HasPrefix(*s, "{") {
			o.foreign = true
			return
		}
		*s = strings.TrimRight(*s, " \t\r\n")
		if value = json.RawMessage(*s); !json.Valid(value) {
			o.unsure = true
			return
		}
	}
	o.found = true
	o.whole(value, outer)
}

// whole takes a record by its own members, or else by outer.
func (o *oracle) whole(raw json.RawMessage, outer map[string]json.RawMessage) {
	first := map[string]json.RawMessage{}
	for _, p := range o.members(raw) {
		if _, dup := first[p.key]; !dup {
			first[p.key] = p.value
		}
	}
	at, typ := textOf(first["eventTime"]), textOf(first["eventType"])
	if outer != nil {
		if at == nil {
			at = textOf(outer["eventTime"])
		}
		if typ == nil {
			typ = textOf(outer["eventType"])
		}
		if at != nil && !oracleTime(*at) {
			*at += "Z"
		}
	}
	o.record(raw, at, typ)
}

func (o *oracle) record(raw json.RawMessage, at, typ *string) {
	if at != nil && typ != nil && *typ != "AwsCloudTrailInsight" && oracleTime(*at) {
		o.records = append(o.records, string(raw))
	}
}

func oracleTime(s string) bool {
	tm, err := time.Parse(time.RFC3339, s)
	return err == nil && tm.Year() >= 1970 && tm.Year() <= 2261
}

// textOf returns a string, nil for any other value.
func textOf(raw json.RawMessage) *string {
	var s *string
	if len(raw) > 0 && raw[0] == '"' {
		_ = json.Unmarshal(raw, &s)
	}
	return s
}

// oracleRecords returns the records of a document. Without ok it has none, and no list of
// them; without sure the oracle does not know.
func oracleRecords(t *testing.T, doc string) (records []string, ok, sure bool) {
	t.Helper()
	o := oracle{t: t}
	doc = strings.TrimLeft(doc, " \t\r\n")
	if doc[0] == '"' { // alone it must look like a record
		if s := textOf(json.RawMessage(doc)); !strings.HasPrefix(strings.TrimLeft(*s, " \t\r\n"), "{") {
			return nil, false, true
		}
	}
	o.document(json.RawMessage(doc), true)
	return o.records, o.found || o.digest || o.listed && !o.foreign, !o.unsure
}
