// SPDX-License-Identifier: Apache-2.0

package loader

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The C files use each other in one direction only.
func TestFilesInCHaveNoCircle(t *testing.T) {
	paths, err := filepath.Glob("*.c")
	if err != nil || len(paths) < 5 {
		t.Fatalf("got files %v, %v", paths, err)
	}
	definition := regexp.MustCompile(`(?m)^[a-z][\w *]*?\b(gyr_\w+)(?:\([^;]*\)(?: *\{.*)?| = .*)$`)
	name := regexp.MustCompile(`\bgyr_\w+`)
	comment := regexp.MustCompile(`(?m)//.*$`)
	text, home := map[string]string{}, map[string]string{}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		// Files for one operating system each are one.
		file := regexp.MustCompile(`_(unix|windows)?\.c$`).ReplaceAllString(p, "_os.c")
		text[file] += comment.ReplaceAllString(string(b), "")
		for _, m := range definition.FindAllStringSubmatch(text[file], -1) {
			if !strings.HasPrefix(m[0], "static ") && !strings.HasPrefix(m[0], "typedef ") && !strings.HasPrefix(m[0], "struct ") {
				home[m[1]] = file
			}
		}
	}
	if home["gyr_fault"] != "answers.c" || home["gyr_tables_free"] != "access.c" || home["gyr_host_reader"] != "tables.c" {
		t.Fatalf("the definitions are not found: %v", home)
	}
	uses := map[string][]string{}
	for file, code := range text {
		for _, n := range name.FindAllString(code, -1) {
			if to := home[n]; to != "" && to != file && !slices.Contains(uses[file], to) {
				uses[file] = append(uses[file], to)
			}
		}
	}
	var visit func(path []string)
	visit = func(path []string) {
		for _, next := range uses[path[len(path)-1]] {
			if i := slices.Index(path, next); i >= 0 {
				t.Fatalf("circle: %s", strings.Join(append(path[i:], next), " → "))
			}
			visit(append(path, next))
		}
	}
	for file := range text {
		visit([]string{file})
	}
}
