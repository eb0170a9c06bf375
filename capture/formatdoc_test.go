// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The example in FORMAT.md is what the writer makes, and its table names every block type
// that the code knows.
func TestFormatDoc(t *testing.T) {
	doc, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	head := write(t, WriterOptions{})
	file := write(t, WriterOptions{}, plugin(3, 1, "data"))
	for line := range strings.Lines(hex.Dump(file[len(head):])) {
		if want := "    " + strings.TrimRight(line[:min(58, len(line))], " |"); !strings.Contains(string(doc), want) {
			t.Errorf("FORMAT.md has no line\n%s", want)
		}
	}
	for _, typ := range []uint32{typeSection, typeMachine, typeMachineOld, typeOrigin, typeEvent, typeEventOld, typeEventFlags,
		typeEventV2, typeEventFlagsV2, typeEventLarge, typeEventFlagsLarge, typeInterfaces, typeUsers} {
		if n := fmt.Sprintf("%X", typ); !strings.Contains(string(doc), n) {
			t.Errorf("FORMAT.md does not name block type %s", n)
		}
	}
}
