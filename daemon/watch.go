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
// One goroutine reads the events. close ends it and waits. It begins a moment after the
// start, as the end of an inotify instance takes Linux some 20 ms, which a short run need not
// pay; what has changed by then is noticed by the hash.
type fileWatch struct {
	asked reloads
	log   *slog.Logger
	stop  chan struct{}
	ended sync.WaitGroup

	mu      sync.Mutex
	watcher *fsnotify.Watcher // nil until it begins
	paths   []string          // files and folders
	sum     [sha256.Size]byte
}

const (
	// watchAfter is when the watch begins.
	watchAfter = 500 * time.Millisecond
	// settleTime is how long no file may change before the files are looked at.
	settleTime = 100 * time.Millisecond
	// settleMost is how long a look is put off while files keep changing.
	settleMost = 2 * time.Second
)

// watchFiles watches the files of an assembly, which begins after that time. If the system
// cannot watch files the log says so.
func watchFiles(a *assembly.Assembly, asked reloads, after time.Duration, log *slog.Logger) *fileWatch {
	f := &fileWatch{asked: asked, log: log, stop: make(chan struct{}), paths: a.Paths()}
	f.sum = hashOf(f.paths)
	f.ended.Go(func() { f.run(after) })
	return f
}

// reading says that a reload reads the files from now on: what changes later needs another one.
func (f *fileWatch) reading() {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sum = hashOf(f.paths)
}

// follow watches the files of another assembly from now on. If files have changed since they
// were read, the look that follows the change finds that.
func (f *fileWatch) follow(a *assembly.Assembly) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	same := hashOf(f.paths) == f.sum
	f.paths = a.Paths()
	if f.sum = hashOf(f.paths); !same {
		f.sum = [sha256.Size]byte{} // no file's
	}
	f.watchFolders()
}

// watchFolders has the watcher, if there is one yet, watch the folders of the paths. The
// caller holds the lock.
func (f *fileWatch) watchFolders() {
	if f.watcher == nil {
		return
	}
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

// begin starts the watcher after a while. It returns nil if there is none.
func (f *fileWatch) begin(after time.Duration) *fsnotify.Watcher {
	select {
	case <-time.After(after):
	case <-f.stop:
		return nil
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		f.log.Warn("watch_config_files: changes of files are not noticed: " + err.Error())
		return nil
	}
	f.mu.Lock()
	f.watcher = w
	f.watchFolders()
	f.mu.Unlock()
	f.look()
	return w
}

func (f *fileWatch) run(after time.Duration) {
	w := f.begin(after)
	if w == nil {
		return
	}
	defer func() {
		if err := w.Close(); err != nil {
			f.log.Warn("watch_config_files: " + err.Error())
		}
	}()
	settled := time.NewTimer(time.Hour)
	settled.Stop()
	var first time.Time // of the changes that were not looked at yet
	for {
		select {
		case <-f.stop:
			return
		case <-w.Events:
			if first.IsZero() {
				first = time.Now()
			}
			settled.Reset(min(settleTime, max(settleMost-time.Since(first), 0)))
		case err := <-w.Errors:
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
	close(f.stop)
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
