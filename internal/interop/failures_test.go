// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package interop

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/gobuild"
	"github.com/gyr-dev/gyr/internal/interop/testdata/faulty"
	"github.com/gyr-dev/gyr/sdk/sdktest"
)

// A check of a library finds what a check of the same plugin finds that is linked in.
func TestCheckFindsTheFaultsOfALibrary(t *testing.T) {
	linked, err := host.Linked(faulty.New)
	if err != nil {
		t.Fatal(err)
	}
	loaded := load(t, gobuild.Library(t, "faulty", ".", "./internal/interop/testdata/faulty/cshared"))
	found := func(m host.Module) map[string][]string {
		blamed := map[string][]string{}
		for _, r := range sdktest.Check(m, sdktest.Options{}) {
			for _, text := range append(r.Errors, r.Warnings...) {
				for _, f := range m.Info().Fields {
					if strings.Contains(text, f.Name) && !slices.Contains(blamed[r.Name], f.Name) {
						blamed[r.Name] = append(blamed[r.Name], f.Name)
					}
				}
			}
			slices.Sort(blamed[r.Name])
		}
		return blamed
	}
	for _, m := range []host.Module{linked, loaded} {
		got := found(m)
		if d := cmp.Diff([]string{"faulty.address", "faulty.fails", "faulty.panics", "faulty.wrong"}, got["extract"]); d != "" {
			t.Errorf("%q: fields that the case extract finds (-want +got):\n%s", m.Info().Path, d)
		}
		if !slices.Contains(got["odd events"], "faulty.panics") {
			t.Errorf("%q: the case odd events finds %q", m.Info().Path, got["odd events"])
		}
	}
	for _, m := range []host.Module{linked, loaded} {
		s, err := m.New("")
		if err != nil {
			t.Fatal(err)
		}
		why := map[string]string{}
		for _, f := range s.(host.Failing).Failures().All() {
			why[f.Field] = f.First
		}
		if why["faulty.fails"] != "it fails" || why["faulty.panics"] != "panic: it panics" || why["faulty.good"] != "" {
			t.Errorf("reasons: %q", why)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
