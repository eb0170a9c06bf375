// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// localFile is a log file of the file system.
type localFile struct {
	path string
	size int64
}

// Name implements [File].
func (f localFile) Name() string { return f.path }

// Size implements [File].
func (f localFile) Size() int64 { return f.size }

// Open implements [File]. What has become a FIFO or a device since it was listed is
// refused, as it might block for ever.
func (f localFile) Open(context.Context) (io.ReadCloser, error) {
	file, err := os.OpenFile(f.path, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		file.Close()
		return nil, &fs.PathError{Op: "open", Path: f.path, Err: errors.New("not a regular file")}
	}
	return file, nil
}

// localInput is the list of files that there were when it was opened.
type localInput struct {
	suffixes []string
	files    []localFile
	bytes    int64
	pos      int
}

// The errors of [OpenLocal].
var (
	// ErrNoFiles means that there is no log file in the folder, or that the file is none.
	ErrNoFiles = errors.New("no log files")
	// ErrNotFound means that there is nothing at the path, or that it is out of reach.
	ErrNotFound = errors.New("not found")
)

// OpenLocal lists the log files at path: the file, or all in the folder and the folders in
// it, in the order of their names, folder by folder. A log file is a regular file, or a link to
// one, whose name ends in one of the suffixes. It does not read what comes later.
func OpenLocal(path string, suffixes []string, log *slog.Logger) (Input, error) {
	root, err := os.Stat(path)
	if err != nil {
		return nil, ErrNotFound
	}
	in := &localInput{suffixes: suffixes}
	if root.IsDir() && !strings.HasSuffix(path, string(filepath.Separator)) {
		path += string(filepath.Separator) // has a link to a folder followed
	}
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			log.Warn("folder is skipped", "folder", name, "error", err)
			return nil
		}
		in.add(name, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(in.files) == 0 {
		return nil, ErrNoFiles
	}
	return in, nil
}

// add takes the file into the list if it is a log file: a regular one, or a link to one. A
// link that leads nowhere is taken too, and reported when it is opened.
func (in *localInput) add(name string, d fs.DirEntry) {
	if !slices.ContainsFunc(in.suffixes, func(s string) bool { return strings.HasSuffix(name, s) }) {
		return
	}
	info, err := d.Info()
	if d.Type() == fs.ModeSymlink {
		info, err = os.Stat(name)
	}
	f := localFile{path: name}
	if err == nil {
		if !info.Mode().IsRegular() {
			return
		}
		f.size = info.Size()
	}
	in.files = append(in.files, f)
	in.bytes += f.size
}

// Next implements [Input].
func (in *localInput) Next(context.Context) (File, error) {
	if in.pos == len(in.files) {
		return nil, io.EOF
	}
	in.pos++
	return &in.files[in.pos-1], nil
}

// Total implements [Input].
func (in *localInput) Total() (files int, bytes int64) { return len(in.files), in.bytes }

// Settles implements [Input].
func (in *localInput) Settles() bool { return false }

// Close implements [Input].
func (in *localInput) Close() error { return nil }
