// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/cbuild"
	"github.com/gyr-dev/gyr/internal/gobuild"
	"github.com/gyr-dev/gyr/sdk"
)

// TestMain makes this program gyr where a script says gyr, with further plugins linked in.
func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){"gyr": func() {
		assembly.BuiltIn = append(assembly.BuiltIn,
			func() sdk.Plugin { return rival{} },
			func() sdk.Plugin { return overlap{} },
			func() sdk.Plugin { return endless{} },
			func() sdk.Plugin { return ledger{} },
		)
		main()
	}})
}

// tidy runs tests and removes the libraries that they built.
type tidy struct{ *testing.M }

func (m tidy) Run() int {
	defer gobuild.Clean()
	return cbuild.Main(m.M)
}

func TestScripts(t *testing.T) {
	var dummy string // as a library that Go built
	if withCgo {
		dummy = gobuild.Library(t, "dummy", ".", "./plugins/dummy/cshared")
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GYR_PLUGINS_DIR", filepath.Join(e.WorkDir, "plugins"))
			e.Setenv("TZ", "UTC")
			sources, err := filepath.Abs("../../testdata/cplugins")
			e.Setenv("CPLUGINS", sources)
			e.Setenv("GODUMMY", dummy)
			return err
		},
		Condition: func(cond string) (bool, error) {
			if cond != "cgo" {
				return false, fmt.Errorf("unknown condition %s", cond)
			}
			return withCgo, nil
		},
	})
}

// rival is another plugin for the event source of dummy.
type rival struct{}

func (rival) Info() sdk.Info {
	return sdk.Info{Name: "rival", Version: "1.0.0", ID: 999, EventSource: "dummy"}
}

func (rival) Open(string) (event.Source, error) { return nil, io.EOF }

// overlap extracts a field that dummy has.
type overlap struct{}

func (overlap) Info() sdk.Info { return sdk.Info{Name: "overlap", Version: "1.0.0"} }

func (overlap) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{{Name: "dummy.value", Type: abi.Uint64, Desc: "The number."}}
}

func (overlap) Extract(*event.Event, *sdk.Request, *event.Value, *event.Arena) error { return nil }

// endless has an event and then nothing until it is stopped. What it opens is a file that
// it makes when it has been asked for more.
type endless struct{}

func (endless) Info() sdk.Info {
	return sdk.Info{Name: "endless", Version: "1.0.0", ID: 998, EventSource: "endless"}
}

func (endless) Open(params string) (event.Source, error) { return &endlessStream{path: params}, nil }

type endlessStream struct {
	path string
	n    int
}

func (s *endlessStream) Next(ctx context.Context, b *event.Batch) error {
	s.n++
	if s.n == 1 {
		b.Add(998, 1, []byte("x"))
		return nil
	}
	if s.n == 2 {
		if err := os.WriteFile(s.path, nil, 0o644); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

func (s *endlessStream) Close() error { return nil }
