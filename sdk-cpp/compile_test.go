// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package sdkcpp_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A forgotten or doubled macro and a class that does not fit are told in words.
func TestMistakesAreTold(t *testing.T) {
	f := func(mistake int, want string) {
		t.Helper()
		out := filepath.Join(t.TempDir(), "lib.so")
		text, err := compile("c++", "tests/wrong.cpp", out, "-shared", "-fPIC", fmt.Sprintf("-DMISTAKE=%d", mistake))
		if want == "" {
			if err != nil {
				t.Error(err)
			}
			return
		}
		if err == nil || !strings.Contains(text, want) {
			t.Errorf("mistake %d: got %q, %v; want %q", mistake, text, err, want)
		}
	}
	f(0, "")
	f(1, "GYR_EXTRACTOR_is_missing_for_this_plugin")
	f(2, "GYR_PLUGIN_must_stand_above")
	f(3, "GYR_PLUGIN_may_stand_only_once")
	f(4, "gyr: the class in GYR_SOURCE must derive publicly from gyr::Source")
	f(5, "gyr: the class in GYR_PLUGIN leaves a function of its base classes out")
	f(6, "gyr: the class in GYR_PLUGIN needs a public constructor without arguments")
	f(7, "gyr: the class in GYR_PLUGIN must derive publicly from gyr::Plugin")
	f(8, "gyr: GYR_EXTRACTOR and GYR_PLUGIN must name the same class")
	f(9, "GYR_EXTRACTOR_may_stand_only_once")
}

// Each header can be included alone and has no warnings, with the other compiler too.
func TestHeaders(t *testing.T) {
	headers, err := filepath.Glob("include/gyr/*.hpp")
	if err != nil || len(headers) == 0 {
		t.Fatalf("no headers: %v", err)
	}
	f := func(compiler string) {
		t.Helper()
		for _, h := range headers {
			file := filepath.Join(t.TempDir(), "alone.cpp")
			text := fmt.Sprintf("#include \"gyr/%s\"\n#include \"gyr/%[1]s\"\n", filepath.Base(h))
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := compile(compiler, file, os.DevNull, append([]string{"-fsyntax-only"}, strict...)...); err != nil {
				t.Error(err)
			}
		}
	}
	f("c++")
	if _, err := exec.LookPath("clang++"); err != nil {
		t.Log("there is no clang++: headers are compiled with one compiler only")
		return
	}
	f("clang++")
	if _, err := compile("clang++", "tests/all.cpp", os.DevNull, append([]string{"-fsyntax-only"}, strict...)...); err != nil {
		t.Error(err)
	}
}

// The example of the README builds, and the README shows how.
func TestReadmeExample(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```cpp\n(// SPDX.*?)```").FindSubmatch(text)
	if m == nil {
		t.Fatal("the README has no example")
	}
	file := filepath.Join(t.TempDir(), "lines.cpp")
	if err := os.WriteFile(file, m[1], 0o644); err != nil {
		t.Fatal(err)
	}
	p := start(t, load(t, library(t, file)), `{"greeting": "hello"}`)
	s := open(t, p, "")
	b := newBatch(t, p)
	if err := next(s, b)(); err == nil || len(b.Events) != 3 {
		t.Fatalf("got %d events, %v; want 3 and the end", len(b.Events), err)
	}
	tab := extract(t, p, b, "hello.text", "hello.length", "info")
	for i, want := range []string{"hello 1", "hello 2", "hello 3"} {
		row := tab.Row(i)
		if row[0].Str != want || row[1].Num != 7 || row[2].Str != want {
			t.Errorf("event %d: got %+v, want %s", i, row, want)
		}
	}
}

// The CMake package installs headers that a project elsewhere finds.
func TestCMake(t *testing.T) {
	if _, err := exec.LookPath("cmake"); err != nil {
		t.Skip("there is no cmake")
	}
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		if text, err := exec.Command("cmake", args...).CombinedOutput(); err != nil {
			t.Fatalf("cmake %s: %v\n%s", strings.Join(args, " "), err, text)
		}
	}
	prefix, app := filepath.Join(dir, "prefix"), filepath.Join(dir, "app")
	run("-S", ".", "-B", filepath.Join(dir, "sdk"), "-DCMAKE_INSTALL_PREFIX="+prefix)
	run("--install", filepath.Join(dir, "sdk"))
	source, err := filepath.Abs("../plugins/dummy_c/dummy_c.cpp")
	if err != nil {
		t.Fatal(err)
	}
	lists := "cmake_minimum_required(VERSION 3.13)\nproject(app CXX)\nfind_package(gyr-sdk REQUIRED)\n" +
		"gyr_add_plugin(dummy_c " + source + ")\n"
	if err := os.Mkdir(app, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(app, "CMakeLists.txt"), []byte(lists), 0o644); err != nil {
		t.Fatal(err)
	}
	run("-S", app, "-B", filepath.Join(dir, "build"), "-DCMAKE_PREFIX_PATH="+prefix)
	run("--build", filepath.Join(dir, "build"))
	if m := load(t, filepath.Join(dir, "build", "libdummy_c.so")); m.Info().Name != "dummy_c" {
		t.Errorf("got plugin %s, want dummy_c", m.Info().Name)
	}
}
