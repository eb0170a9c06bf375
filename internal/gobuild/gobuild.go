// SPDX-License-Identifier: Apache-2.0

// Package gobuild builds the Go plugins that tests load as shared libraries. This requires cgo
// and a C compiler. A test that cannot build its plugin fails.
//
// A package whose tests build plugins calls [Main] in its TestMain. Each library is built
// once per test run of the package, in a directory that is removed at the end.
package gobuild

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var (
	mu    sync.Mutex
	dir   string
	built = map[string]string{}
)

// Main runs the tests and removes the built files. Call it in TestMain:
// os.Exit(gobuild.Main(m)).
func Main(m *testing.M) int {
	defer Clean()
	return m.Run()
}

// Clean removes the built files. Use it in a TestMain that has other files to remove.
func Clean() {
	if dir != "" {
		_ = os.RemoveAll(dir)
	}
}

// Library builds the main package pkg as a C library and returns its path. It runs go build in
// folder, which is relative to the root of this repository. The file is lib<name>.so; use
// different names for libraries built from one package with different flags.
func Library(tb testing.TB, name, folder, pkg string, flags ...string) string {
	tb.Helper()
	mu.Lock()
	defer mu.Unlock()
	if path := built[name]; path != "" {
		return path
	}
	path, err := build(name, folder, pkg, flags)
	if err != nil {
		tb.Fatal(err)
	}
	built[name] = path
	return path
}

func build(name, folder, pkg string, flags []string) (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "gyr-goplugins"); err != nil {
			return "", err
		}
	}
	out := filepath.Join(dir, "lib"+name+".so")
	args := append([]string{"build", "-buildmode=c-shared", "-o", out}, flags...)
	cmd := exec.Command("go", append(args, pkg)...)
	cmd.Dir = filepath.Join(root, folder)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, text)
	}
	return out, nil
}

// moduleRoot finds the directory of go.mod above the working directory of the test.
func moduleRoot() (string, error) {
	d, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", errors.New("no go.mod above the working directory")
		}
		d = filepath.Dir(d)
	}
}

// Exports returns the plugin_* functions that a library exports, without the prefix.
func Exports(tb testing.TB, path string) map[string]bool {
	tb.Helper()
	out, err := exec.Command("nm", "-D", "--defined-only", path).Output()
	if err != nil {
		tb.Fatalf("nm %s: %v", path, err)
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if name, ok := strings.CutPrefix(words[len(words)-1], "plugin_"); ok {
			found[name] = true
		}
	}
	return found
}
