// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// fileCase is a log as it was found, and what its events have.
type fileCase struct {
	Name   string
	Text   string
	B64    []byte
	Output string   // with fields behind %
	Want   []string // of each event
	Says   []string // what the log says, in any case
}

// TestCases reads logs of testdata/cases.json.
func TestCases(t *testing.T) {
	data, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []fileCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { c.run(t) })
	}
}

func (c *fileCase) run(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "log.json", append(c.B64, c.Text...))
	s, log := open(t, filepath.Join(dir, "log.json"))
	records := readAll(t, s, 10)
	s.Close()
	names := regexp.MustCompile(`%([a-z0-9.]+)`)
	var got []string
	for _, r := range records {
		got = append(got, names.ReplaceAllStringFunc(c.Output, func(name string) string {
			plan, _ := planOf(t, name[1:])
			var out [1]event.Value
			if err := plan.Extract(recordEvent(r), out[:], event.NewArena(nil, nil)); err != nil {
				t.Error(err)
			}
			return show(requestOf(t, name[1:]).Info, out[0])
		}))
	}
	if !slices.Equal(got, c.Want) {
		t.Errorf("got %q, want %q", got, c.Want)
	}
	for _, text := range c.Says {
		if !strings.Contains(strings.ToLower(log.String()), strings.ToLower(text)) {
			t.Errorf("got log %s, want %q", log, text)
		}
	}
}
