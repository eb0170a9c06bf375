// SPDX-License-Identifier: Apache-2.0

// Package cbuild builds the C plugins that tests load, with the system's compiler. Tests that
// need one fail without a compiler, because gyr must be tested with C libraries.
//
// A package whose tests build plugins calls [Main] in its TestMain. Each library is built
// once per test run of the package, in a directory that is removed at the end.
package cbuild

import (
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
// os.Exit(cbuild.Main(m)).
func Main(m *testing.M) int {
	defer func() {
		if dir != "" {
			os.RemoveAll(dir)
		}
	}()
	return m.Run()
}

// Library builds testdata/cplugins/NAME (a .c file, or .cpp for C++) with extra compiler flags
// and returns the path of the shared library.
func Library(tb testing.TB, name string, flags ...string) string {
	tb.Helper()
	path, err := library(name, flags)
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

func library(name string, flags []string) (string, error) {
	mu.Lock()
	defer mu.Unlock()
	key := name + " " + strings.Join(flags, " ")
	if path := built[key]; path != "" {
		return path, nil
	}
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "gyr-cplugins"); err != nil {
			return "", err
		}
	}
	compiler, std := "cc", "-std=gnu99"
	if filepath.Ext(name) == ".cpp" {
		compiler, std = "c++", "-std=c++17"
	}
	base := strings.TrimSuffix(name, filepath.Ext(name))
	out := filepath.Join(dir, fmt.Sprintf("lib%s-%d.so", base, len(built)))
	args := append([]string{std, "-O2", "-Wall", "-shared", "-fPIC", "-I" + filepath.Join(root, "abi"), "-o", out}, flags...)
	cmd := exec.Command(compiler, append(args, filepath.Join(root, "testdata", "cplugins", name), "-lpthread")...)
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, text)
	}
	built[key] = out
	return out, nil
}

// moduleRoot finds the directory of go.mod above the working directory of the test.
func moduleRoot() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at, nil
		}
		up := filepath.Dir(at)
		if up == at {
			return "", fmt.Errorf("no go.mod above the working directory")
		}
		at = up
	}
}
