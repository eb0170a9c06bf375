// SPDX-License-Identifier: Apache-2.0

//go:build unix

package assembly

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// warnWritable logs that others could have gyr do what they like, if it runs as root: by
// writing to one of the files that it does the bidding of, or by replacing it.
func (a *Assembly) warnWritable(what, path string) {
	if os.Geteuid() != 0 || a.opts.Previous != nil { // a reload does not say it again
		return
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	switch {
	case othersWrite(path):
		a.opts.Log.Warn(fmt.Sprintf("%s %s is writable by others, and gyr runs as root: chmod go-w it", what, path))
	case othersWrite(filepath.Dir(path)):
		a.opts.Log.Warn(fmt.Sprintf("%s %s is in a folder that is writable by others, and gyr runs as root: chmod go-w the folder", what, path))
	}
}

// othersWrite reports whether others than root may write a file, or replace the files of a
// folder; in one with the sticky bit they may not.
func othersWrite(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() && info.Mode()&os.ModeSticky != 0 || !info.IsDir() && !info.Mode().IsRegular() {
		return false
	}
	group := 0
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		group = int(s.Gid)
	}
	return info.Mode()&0o002 != 0 || info.Mode()&0o020 != 0 && group != 0
}
