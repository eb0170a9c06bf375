// SPDX-License-Identifier: Apache-2.0

package k8saudit

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/listen"
)

// files is a stream of the events in files. It implements [event.Source] and
// [event.Progresser].
type files struct {
	paths []string
	next  int // of paths
	split splitter
	count *counters

	file  io.ReadCloser // that is read; nil between two files
	rest  []byte        // read and not split yet
	ended bool          // the file has no more than rest
	items []listen.Item // not taken yet
}

// blockSize is how much of a file is read at once.
const blockSize = 1 << 20

// openFiles opens a file, or the files of a folder in the order in which they were changed.
func (p *plugin) openFiles(path string) (event.Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	f := &files{count: &p.counts, split: splitter{max: p.config.MaxEventSize, counts: &p.counts, log: p.log}}
	if !info.IsDir() {
		f.paths = []string{path}
		return f, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	changed := map[string]time.Time{}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			f.paths = append(f.paths, name)
			changed[name] = info.ModTime()
		}
	}
	slices.SortFunc(f.paths, func(a, b string) int { return cmp.Or(changed[a].Compare(changed[b]), strings.Compare(a, b)) })
	return f, nil
}

// Next implements [event.Source].
func (f *files) Next(ctx context.Context, b *event.Batch) error {
	for !b.Full() && ctx.Err() == nil {
		if len(f.items) == 0 {
			if err := f.advance(); err != nil {
				return err
			}
			continue
		}
		n := min(len(f.items), b.Max-len(b.Events))
		for _, i := range f.items[:n] {
			b.AddView(pluginID, i.Time, compact(i.Data, b.Arena))
		}
		f.count.took(n, f.items[n-1].Time)
		f.items = f.items[n:]
	}
	return nil
}

// advance splits more of the files.
func (f *files) advance() error {
	if f.file == nil {
		if f.next == len(f.paths) {
			return io.EOF
		}
		f.next++
		f.split.from = f.paths[f.next-1]
		if err := f.open(); err != nil {
			f.damaged(err)
		}
		return nil
	}
	if f.ended {
		if len(bytes.TrimSpace(f.rest)) > 0 {
			f.split.skip(notJSON, f.rest)
		}
		err := f.file.Close()
		f.file, f.rest, f.ended = nil, nil, false
		return err
	}
	f.read()
	f.split.items = nil
	for {
		end, ok := f.split.split(f.rest)
		f.rest = f.rest[end:]
		if ok {
			break
		}
		// Skip what is no JSON up to the end of its line.
		i := bytes.IndexByte(f.rest, '\n')
		if i < 0 {
			i = len(f.rest) - 1
		}
		f.split.skip(notJSON, f.rest[:i+1])
		f.rest = f.rest[i+1:]
	}
	if len(f.rest) > f.split.max+blockSize {
		f.split.skip(tooLarge, f.rest)
		f.rest = nil
	}
	f.items = f.split.items
	return nil
}

// open begins a file. One that is compressed is unpacked, whatever its name.
func (f *files) open() error {
	file, err := os.Open(f.split.from)
	if err != nil {
		return err
	}
	f.file = file
	var magic [2]byte
	n, _ := io.ReadFull(file, magic[:])
	if n == 2 && magic == [2]byte{0x1f, 0x8b} {
		z, err := gzip.NewReader(io.MultiReader(bytes.NewReader(magic[:]), file))
		if err != nil {
			f.ended = true
			return err
		}
		f.file = struct {
			io.Reader
			io.Closer
		}{z, file}
		return nil
	}
	f.rest = bytes.Clone(magic[:n]) // also of a pipe, which cannot go back
	return nil
}

// read reads on. The memory is new, as events are views of it.
func (f *files) read() {
	block := make([]byte, len(f.rest)+blockSize)
	n := copy(block, f.rest)
	for n < len(block) && !f.ended {
		m, err := f.file.Read(block[n:])
		n += m
		if err != nil {
			f.ended = true
		}
		if err != nil && err != io.EOF {
			f.damaged(err)
		}
	}
	f.rest = block[:n]
}

// damaged reports a file that cannot be read, or not to its end. The others are read.
func (f *files) damaged(err error) {
	f.count.damaged.Add(1)
	f.split.log.Error("file cannot be read: "+err.Error(), "file", f.split.from)
}

// Progress implements [event.Progresser].
func (f *files) Progress() (share float64, text string) {
	done := f.next
	if f.file != nil {
		done--
	}
	return float64(done) / float64(max(len(f.paths), 1)), fmt.Sprintf("%d/%d files", done, len(f.paths))
}

// Close implements [event.Source].
func (f *files) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}
