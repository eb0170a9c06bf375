// SPDX-License-Identifier: Apache-2.0

// Package pluginenv gives the Go runtimes inside of plugins settings that suit them.
//
// A plugin that is written in Go is a library with a Go runtime of its own. That runtime
// looks for GOGC, GOMAXPROCS and GODEBUG in the environment that the process was started with; the
// dynamic linker hands it over, so that what the process has set since does not count. With
// the defaults such a plugin, whose heap is small, collects its garbage again and again, and
// its calls wait for each other where there are more threads than processors; and it gives
// memory back to the system which it then gets anew, a page fault for each page.
//
// The process that is about to load such plugins therefore executes itself again, with an
// environment that has what is missing ([Restart]). What a user has set is left alone.
// [Marker] names what was added: the second process does not restart again, keeps its own
// runtime as it would be ([Settle]), and gives the additions to no other program ([Clean]).
package pluginenv

import (
	"debug/buildinfo"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Marker is the variable that names those that were added, with commas between them.
const Marker = "GYR_PLUGIN_ENV"

// heapGrowth is by how many percent the heap of a plugin may grow until garbage is
// collected: with 400 instead of 100 a quarter of the time is saved for some 45 MB.
const heapGrowth = 400

// Additions returns what environ is to have besides, for a process that may use procs
// processors: "name=value" of each variable that is not set yet, and of the marker. It is
// nil if nothing is missing, or has been added before.
func Additions(environ []string, procs int) []string {
	if has(environ, Marker) {
		return nil
	}
	wanted := [][2]string{
		{"GOGC", strconv.Itoa(heapGrowth)},
		// For the threads that extract, those that the source has, and the collector's.
		{"GOMAXPROCS", strconv.Itoa(2*procs + 4)},
		// Memory that is given back stays where it is until the system is short of it.
		{"GODEBUG", "madvdontneed=0"},
	}
	var more, names []string
	for _, v := range wanted {
		if !has(environ, v[0]) {
			more, names = append(more, v[0]+"="+v[1]), append(names, v[0])
		}
	}
	if more == nil {
		return nil
	}
	return append(more, Marker+"="+strings.Join(names, ","))
}

func has(environ []string, name string) bool {
	return slices.ContainsFunc(environ, func(v string) bool { return strings.HasPrefix(v, name+"=") })
}

// Restart executes this program again, with the same arguments, if one of the libraries was
// built by Go and the environment lacks something. It returns if there is nothing to do, or
// if it cannot: the plugins then work as well, only slower.
func Restart(libraries []string) {
	more := Additions(os.Environ(), runtime.GOMAXPROCS(0))
	if runtime.GOOS != "linux" || more == nil || !slices.ContainsFunc(libraries, isGo) {
		return
	}
	// Where the dynamic linker was called as the program, that is what the process executes.
	if program, err := os.Executable(); err == nil && isGo(program) {
		_ = syscall.Exec(program, os.Args, append(os.Environ(), more...))
	}
}

// isGo reports whether the file was built by Go.
func isGo(path string) bool {
	_, err := buildinfo.ReadFile(path)
	return err == nil
}

// Settle gives this process's own runtime the defaults where the environment has additions,
// except for GODEBUG, which counts from the start of a process. It returns these, "name=value" each, in the order of their names.
func Settle() (added []string) {
	for _, name := range names(os.Environ()) {
		switch name {
		case "GOGC":
			debug.SetGCPercent(100)
		case "GOMAXPROCS":
			runtime.SetDefaultGOMAXPROCS()
		}
		added = append(added, name+"="+os.Getenv(name))
	}
	return added
}

// names returns the names of the variables that were added to environ.
func names(environ []string) []string {
	for _, v := range environ {
		if list, ok := strings.CutPrefix(v, Marker+"="); ok {
			return strings.Split(list, ",")
		}
	}
	return nil
}

// Clean returns environ without the additions, for other programs. It changes environ.
func Clean(environ []string) []string {
	for _, name := range append(names(environ), Marker) {
		environ = slices.DeleteFunc(environ, func(v string) bool { return strings.HasPrefix(v, name+"=") })
	}
	return environ
}
