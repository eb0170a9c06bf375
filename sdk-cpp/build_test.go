// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

// Package sdkcpp_test builds plugins with the C++ SDK and runs them: in gyr's loader, and
// in a small host of its own that calls the C interface under sanitizers.
package sdkcpp_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var built struct {
	sync.Mutex
	dir   string
	files map[string]string
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "gyr-sdkcpp")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built.dir, built.files = dir, map[string]string{}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// The warnings that the SDK and plugins written with it are free of.
var strict = []string{"-Wall", "-Wextra", "-Wpedantic", "-Werror"}

// compile runs a C++ compiler on a source file and returns its output.
func compile(compiler, source, out string, flags ...string) (string, error) {
	args := append([]string{"-std=c++17", "-I", "include", "-I", "../abi", "-o", out}, flags...)
	cmd := exec.Command(compiler, append(args, source)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	text, err := cmd.CombinedOutput()
	if err != nil {
		return string(text), fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, text)
	}
	return string(text), nil
}

// build makes a shared library or, without -shared, a program of a source file, once for
// all tests.
func build(tb testing.TB, source string, flags ...string) string {
	tb.Helper()
	built.Lock()
	defer built.Unlock()
	key := source + " " + strings.Join(flags, " ")
	if path := built.files[key]; path != "" {
		return path
	}
	base := strings.TrimSuffix(filepath.Base(source), ".cpp")
	out := filepath.Join(built.dir, fmt.Sprintf("lib%s-%d.so", base, len(built.files)))
	if _, err := compile("c++", source, out, append(append([]string{}, strict...), flags...)...); err != nil {
		tb.Fatal(err)
	}
	built.files[key] = out
	return out
}

// library builds a plugin as the README says.
func library(tb testing.TB, source string, flags ...string) string {
	tb.Helper()
	return build(tb, source, append([]string{"-O2", "-shared", "-fPIC"}, flags...)...)
}
