// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/config"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// noted is a plugin that notes when it is initialised and closed.
type noted struct {
	name, source string
	id           uint32
	notes        *[]string
}

func (n *noted) Info() sdk.Info {
	return sdk.Info{Name: n.name, Version: "1.0.0", ID: n.id, EventSource: n.source}
}

func (n *noted) Init(config string) error {
	*n.notes = append(*n.notes, "init "+n.name)
	if config == "fail" {
		return errors.New("no")
	}
	return nil
}

func (n *noted) Destroy() { *n.notes = append(*n.notes, "destroy "+n.name) }

func (n *noted) Open(string) (event.Source, error) { return nil, io.EOF }

func (n *noted) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{{Name: n.name + ".x", Type: abi.Uint64, Desc: "A number."}}
}

func (n *noted) Extract(*event.Event, *sdk.Request, *event.Value, *event.Arena) error { return nil }

// buildWith builds a configuration of two plugins; set is as with -o.
func buildWith(t *testing.T, upto Stage, set ...string) (*Assembly, *[]string, error) {
	t.Helper()
	notes := &[]string{}
	a, err := buildOf(t, notes, Options{Upto: upto}, set...)
	return a, notes, err
}

// buildOf is buildWith with the notes and options of the caller.
func buildOf(t *testing.T, notes *[]string, o Options, set ...string) (*Assembly, error) {
	t.Helper()
	was := BuiltIn
	BuiltIn = []sdk.Factory{
		func() sdk.Plugin { return &noted{"one", "first", 901, notes} },
		func() sdk.Plugin { return &noted{"two", "second", 902, notes} },
	}
	t.Cleanup(func() { BuiltIn = was })
	dir := t.TempDir()
	rules := filepath.Join(dir, "r.yaml")
	if err := os.WriteFile(rules, []byte("- {rule: r, desc: d, condition: one.x > 0, output: o, priority: INFO, source: first}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	conf := filepath.Join(dir, "c.yaml")
	text := "plugins: [{name: one, library_path: libone.so}, {name: two, library_path: libtwo.so}]\nrules_files: [" + rules + "]\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(conf, config.Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	o.Log, o.PluginsDir = slog.New(slog.DiscardHandler), dir
	o.PluginLog = o.Log
	return Build(cfg, o)
}

// TestStages: Build does what a stage needs and no more.
func TestStages(t *testing.T) {
	for stage, want := range map[Stage]struct {
		inits    int
		enabled  bool
		programs bool
	}{
		Loaded:      {0, false, false},
		Initialised: {2, false, false},
		Selected:    {2, true, false},
		Compiled:    {2, true, true},
	} {
		a, notes, err := buildWith(t, stage)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Plugins) != 2 || len(*notes) != want.inits || (a.enabled != nil) != want.enabled || (a.Programs["first"] != nil) != want.programs {
			t.Errorf("stage %d: %d plugins, notes %q, enabled %q, programs %v", stage, len(a.Plugins), *notes, a.enabled, a.Programs)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestClose: the states are closed once, the last one first.
func TestClose(t *testing.T) {
	a, notes, err := buildWith(t, Compiled)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	if want := []string{"init one", "init two", "destroy two", "destroy one"}; !slices.Equal(*notes, want) {
		t.Errorf("notes %q, want %q", *notes, want)
	}
}

// TestAFailedBuildLeavesNothing: states that were made before the error are closed.
func TestAFailedBuildLeavesNothing(t *testing.T) {
	a, notes, err := buildWith(t, Compiled, "plugins[1].init_config=fail")
	if a != nil || err == nil || !strings.Contains(err.Error(), "two") {
		t.Fatalf("assembly %v, error %v, want only an error that names the plugin", a, err)
	}
	if !slices.Contains(*notes, "destroy one") {
		t.Errorf("notes %q: the first plugin is not closed", *notes)
	}
}

// TestOpenFails: a source that does not open leaves no inputs.
func TestOpenFails(t *testing.T) {
	a, _, err := buildWith(t, Compiled)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if inputs, err := a.Open(nil); err == nil || inputs != nil {
		t.Errorf("inputs %v, error %v, want an error", inputs, err)
	}
}
