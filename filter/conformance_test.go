// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/gyr-dev/gyr/event"
)

// corpus is what Falco 0.44.1 says about a set of conditions.
type corpus struct {
	Accepted []struct {
		Name, Condition string
		Events          []int
		Warnings        int
	}
	Rejected []struct {
		Name, Condition, Code, Message string
	}
}

func readCorpus(t testing.TB, name string) corpus {
	t.Helper()
	f, err := os.Open("testdata/conformance/" + name + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var c corpus
	if err := json.NewDecoder(z).Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
}

func compileText(text string, s *Scope) (*Cond, []Warning, error) {
	n, err := Parse(text, MaxDepth)
	if err != nil {
		return nil, nil, err
	}
	return Compile(n, s)
}

func TestConformance(t *testing.T) {
	events := probeEvents(t)
	for _, name := range []string{"edge-cases", "generated"} {
		c := readCorpus(t, name)
		for _, r := range c.Accepted {
			s := probeScope(t)
			cond, warnings, err := compileText(r.Condition, s)
			if err != nil {
				t.Errorf("%s %s: %s: %v", name, r.Name, r.Condition, err)
				continue
			}
			if len(warnings) != r.Warnings {
				t.Errorf("%s %s: %s: got %d warnings, want %d", name, r.Name, r.Condition, len(warnings), r.Warnings)
			}
			env := &Env{Arena: event.NewArena(nil, nil)}
			var got []int
			for _, e := range events {
				env.Row = e.row(s.Layout)
				if cond.Eval(env) {
					got = append(got, e.num)
				}
			}
			if !slices.Equal(got, r.Events) {
				t.Errorf("%s %s: %s:\n got %v\nwant %v", name, r.Name, r.Condition, got, r.Events)
			}
		}
		for _, r := range c.Rejected {
			_, _, err := compileText(r.Condition, probeScope(t))
			want := r.Message
			if r.Code != "LOAD_ERR_COMPILE_CONDITION" {
				want = "" // a macro that is not defined: the rules loader's business
			}
			if err == nil || want != "" && err.Error() != want {
				t.Errorf("%s %s: %s:\n got %v\nwant %s", name, r.Name, r.Condition, err, want)
			}
		}
	}
}
