// SPDX-License-Identifier: Apache-2.0

package daemon

import (
	"crypto/sha256"
	"hash"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/gyr-dev/gyr/assembly"
)

// fileWatch asks for a reload when a file of the configuration has another content. It
// watches folders, not files: so it sees files that are renamed into place by editors, and
// the links that Kubernetes swaps for a ConfigMap. What has changed is told by a hash of all
// files, so that other files of the folders do not matter.
//
// One goroutine reads the events. close ends it and waits.
type fileWatch struct {
	watcher *fsnotify.Watcher
	asked   reloads
	log     *slog.Logger
	ended   sync.WaitGroup

	mu    sync.Mutex
	paths []string // files and folders
	sum   [sha256.Size]byte
}

const (
	// settleTime is how long no file may change before the files are looked at.
	settleTime = 100 * time.Millisecond
	// settleMost is how long a look is put off while files keep changing.
	settleMost = 2 * time.Second
)

// watchFiles watches the files of an assembly. Without a system that can watch files it
// returns nil, whose methods do nothing, and the log says so.
func watchFiles(a *assembly.Assembly, asked reloads, log *slog.Logger) *fileWatch {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		log.Warn("watch_config_files: changes of files are not noticed: " + err.Error())
		return nil
	}
	f := &fileWatch{watcher: w, asked: asked, log: log}
	f.follow(a)
	f.ended.Go(f.run)
	return f
}

// follow watches the files of another assembly from now on.
func (f *fileWatch) follow(a *assembly.Assembly) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.paths = a.Paths()
	f.sum = hashOf(f.paths)
	wanted := map[string]bool{}
	for _, p := range f.paths {
		wanted[filepath.Dir(p)] = true
		if info, err := os.Stat(p); err == nil && info.IsDir() {
			wanted[p] = true
		}
	}
	for _, dir := range f.watcher.WatchList() {
		if !wanted[dir] {
			_ = f.watcher.Remove(dir) // it may be gone
		}
		delete(wanted, dir)
	}
	for dir := range wanted {
		if err := f.watcher.Add(dir); err != nil {
			f.log.Warn("watch_config_files: changes in " + dir + " are not noticed: " + err.Error())
		}
	}
}

func (f *fileWatch) run() {
	settled := time.NewTimer(time.Hour)
	settled.Stop()
	var first time.Time // of the changes that were not looked at yet
	for {
		select {
		case _, ok := <-f.watcher.Events:
			if !ok {
				return
			}
			if first.IsZero() {
				first = time.Now()
			}
			settled.Reset(min(settleTime, max(settleMost-time.Since(first), 0)))
		case err, ok := <-f.watcher.Errors:
			if !ok {
				return
			}
			f.log.Warn("watch_config_files: " + err.Error())
			settled.Reset(settleTime) // changes may have been missed
		case <-settled.C:
			first = time.Time{}
			f.look()
		}
	}
}

// look asks for a reload if any file has another content than when it was looked at last.
func (f *fileWatch) look() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if sum := hashOf(f.paths); sum != f.sum {
		f.sum = sum
		f.asked.ask("Configuration or rules files changed")
	}
}

func (f *fileWatch) close() {
	if f == nil {
		return
	}
	if err := f.watcher.Close(); err != nil {
		f.log.Warn("watch_config_files: " + err.Error())
	}
	f.ended.Wait()
}

// hashOf hashes the names and contents of files, and of the files in folders.
func hashOf(paths []string) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, p := range paths {
		entries, err := os.ReadDir(p)
		if err != nil {
			addFile(h, p)
			continue
		}
		for _, e := range entries {
			if file := filepath.Join(p, e.Name()); isRegular(file) {
				addFile(h, file)
			}
		}
	}
	h.Sum(sum[:0])
	return sum
}

func addFile(h hash.Hash, path string) {
	io.WriteString(h, path+"\x00")
	if !isRegular(path) {
		return // also a pipe, which can be read once only
	}
	if file, err := os.Open(path); err == nil {
		defer file.Close()
		_, _ = io.Copy(h, file) // what can be read is what a reload would see
	}
	io.WriteString(h, "\x00")
}

func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
