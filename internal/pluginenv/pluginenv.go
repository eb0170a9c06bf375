// SPDX-License-Identifier: Apache-2.0

// Package pluginenv tunes the Go runtimes inside plugins.
//
// A plugin written in Go is a library with its own Go runtime. That runtime reads GOGC,
// GOMAXPROCS and GODEBUG from the environment that the process was started with; variables
// set later have no effect. The defaults do not suit plugins: their heap is small, so they
// collect garbage too often; calls wait for each other if there are more threads than
// processors; and memory is returned to the system and faulted in again page by page.
//
// A process that will load such plugins therefore re-executes itself with the missing variables
// ([Restart]). Variables set by the user are not changed. [Marker] names the added variables:
// the second process does not restart again, resets its own runtime to the defaults ([Settle]),
// and does not pass the additions to other programs ([Clean]).
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

// Marker is the variable that lists the added variables, separated by commas.
const Marker = "GYR_PLUGIN_ENV"

// heapGrowth is the GOGC value for plugins. 400 instead of 100 saves a quarter of the time and
// costs about 45 MB.
const heapGrowth = 400

// Additions returns the variables to add to environ for a process with procs processors:
// "name=value" for each variable that is not set, and for the marker. It returns nil if none
// is missing, or if they were added before.
func Additions(environ []string, procs int) []string {
	if has(environ, Marker) {
		return nil
	}
	wanted := [][2]string{
		{"GOGC", strconv.Itoa(heapGrowth)},
		// For the threads that extract, the threads of the source, and the garbage collector.
		{"GOMAXPROCS", strconv.Itoa(2*procs + 4)},
		// Freed memory stays mapped until the system is short of memory.
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

// Restart re-executes this program with the same arguments if one of the libraries was built
// with Go and a variable is missing. It returns if there is nothing to do or if it fails;
// plugins then work too, but slower.
func Restart(libraries []string) {
	more := Additions(os.Environ(), runtime.GOMAXPROCS(0))
	if runtime.GOOS != "linux" || more == nil || !slices.ContainsFunc(libraries, isGo) {
		return
	}
	// If the program was started through the dynamic linker, the executable is the linker.
	if program, err := os.Executable(); err == nil && isGo(program) {
		_ = syscall.Exec(program, os.Args, append(os.Environ(), more...))
	}
}

// isGo reports whether the file was built with Go.
func isGo(path string) bool {
	_, err := buildinfo.ReadFile(path)
	return err == nil
}

// Settle resets this process's own runtime to the defaults for all added variables except
// GODEBUG, which takes effect at the start of a process. It returns the added variables as
// "name=value", sorted by name.
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

// names returns the names of the added variables.
func names(environ []string) []string {
	for _, v := range environ {
		if list, ok := strings.CutPrefix(v, Marker+"="); ok {
			return strings.Split(list, ",")
		}
	}
	return nil
}

// Clean returns environ without the added variables, for other programs. It changes environ.
func Clean(environ []string) []string {
	for _, name := range append(names(environ), Marker) {
		environ = slices.DeleteFunc(environ, func(v string) bool { return strings.HasPrefix(v, name+"=") })
	}
	return environ
}
