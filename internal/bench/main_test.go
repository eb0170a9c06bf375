// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gyr-dev/gyr/internal/gobuild"
	"github.com/gyr-dev/gyr/internal/trailgen"
)

// dir is where what all benchmarks use is made, once.
var dir string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if dir, err = os.MkdirTemp("", "gyr-bench"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dir) }()
		return gobuild.Main(m)
	}())
}

// program is the path of gyr, built from this checkout.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(dir, "gyr")
	out, err := exec.Command("go", "build", "-o", path, "github.com/gyr-dev/gyr/cmd/gyr").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// logs is a folder with CloudTrail logs.
var logs = sync.OnceValues(func() (string, error) {
	if given := os.Getenv("GYR_BENCH_LOGS"); given != "" {
		return given, nil
	}
	path, n := filepath.Join(dir, "logs"), 200_000
	if testing.Short() {
		n = 20_000
	}
	_, err := trailgen.Write(path, trailgen.Config{Records: n})
	return path, err
})

func must[T any](tb testing.TB, get func() (T, error)) T {
	tb.Helper()
	v, err := get()
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// gyr runs gyr and returns what it prints and how long it took.
func gyr(tb testing.TB, args ...string) (stdout []byte, took time.Duration) {
	tb.Helper()
	cmd := exec.Command(must(tb, program), args...)
	var errs strings.Builder
	cmd.Stderr = &errs
	start := time.Now()
	stdout, err := cmd.Output()
	took = time.Since(start)
	if err != nil {
		tb.Fatalf("gyr %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return stdout, took
}

// setup is a configuration for gyr.
type setup struct {
	plugin  string // its name
	library string // library_path; "" for the plugin that is linked in
	init    string // init_config, as YAML
	open    string // open_params
	json    bool   // with the json plugin
	rules   []byte
}

// write writes the files of the configuration and returns the path of the main one.
func (s setup) write(tb testing.TB) string {
	tb.Helper()
	d := tb.TempDir()
	library := s.library
	if library == "" {
		library = "lib" + s.plugin + "-linked-in.so" // there is no such file
	}
	text := fmt.Sprintf("plugins:\n  - {name: %s, library_path: %s, open_params: '%s'", s.plugin, library, s.open)
	if s.init != "" {
		text += ", init_config: " + s.init
	}
	text += "}\n"
	if s.json {
		text += "  - {name: json, library_path: libjson-linked-in.so}\n"
	}
	text += "rules_files: [" + filepath.Join(d, "rules.yaml") + "]\n" +
		"stdout_output: {enabled: false}\nfile_output: {enabled: true, filename: " + os.DevNull + "}\nlog_syslog: false\nlog_level: warning\n"
	for name, content := range map[string][]byte{"falco.yaml": []byte(text), "rules.yaml": s.rules} {
		if err := os.WriteFile(filepath.Join(d, name), content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return filepath.Join(d, "falco.yaml")
}

// report is the part of the output of gyr bench that is of interest here.
type report struct {
	Events  uint64  `json:"events"`
	Alerts  uint64  `json:"alerts"`
	Rate    float64 `json:"events_per_second"`
	Seconds float64 `json:"seconds"`
}

// rate runs gyr bench on a configuration.
func rate(tb testing.TB, config string, args ...string) report {
	tb.Helper()
	out, _ := gyr(tb, append([]string{"bench", "-c", config, "--json"}, args...)...)
	var r report
	if err := json.Unmarshal(out, &r); err != nil {
		tb.Fatalf("%s: %v", out, err)
	}
	if r.Events == 0 {
		tb.Fatal("gyr bench saw no event")
	}
	return r
}

// root is the root of the repository.
const root = "../.."

// trailRules are the rules that come with the cloudtrail plugin.
func trailRules(tb testing.TB) []byte {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(root, "plugins", "cloudtrail", "rules", "cloudtrail_rules.yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// numberRules are rules on numbers whose evaluation takes long and that match nothing; the
// index cannot leave any of them out.
func numberRules(n int) []byte {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- {rule: r%d, desc: d, condition: \"not dummy.strvalue regex '[0-9]*|x%d'\", output: o, priority: INFO, source: dummy}\n", i, i)
	}
	return []byte(b.String())
}

// oneNumber is one rule that matches one number.
const oneNumber = "- {rule: one, desc: d, condition: dummy.value = 1000000, output: it is %dummy.value, priority: INFO, source: dummy}\n"

// noRule is a rule that matches nothing and costs next to nothing.
const noRule = "- {rule: none, desc: d, condition: ct.name = Nothing, output: o, priority: INFO, source: aws_cloudtrail}\n"
