// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"strings"

	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// readers are the first words of the names of calls that change nothing. What is not among
// them counts as changing something: a rule about changes then reports too much, not too
// little. That is why words are left out which are common to both kinds (Check, Test,
// Verify, Resolve, Retrieve, Export).
var readers = []string{
	"AdminGet", "AdminList", "BatchCheck", "BatchDescribe", "BatchGet", "BatchList", "Count", "Decode",
	"Describe", "Discover", "Estimate", "Filter", "Find", "Get", "Head", "Is", "List", "Lookup", "Preview",
	"Query", "Read", "Scan", "Search", "Select", "Simulate", "TransactGet", "Validate", "View",
}

// reads reports whether the name of a call begins with one of readers, as a whole word.
func reads(call string) bool {
	for _, r := range readers {
		if rest, ok := strings.CutPrefix(call, r); ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
			return true
		}
	}
	return false
}

// readOnly is "true" or "false". Some records do not say; their event's name decides.
func readOnly(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	slot, name := b.Add(jsonscan.Keys("readOnly")), b.Add(jsonscan.Keys("eventName"))
	return func(x *extraction) (string, bool) {
		if text, said := x.flag(slot); said {
			return text, true
		}
		call, ok := x.text(name)
		switch {
		case !ok:
			return "", false
		case reads(call):
			return "true", true
		}
		return "false", true
	}
}
