// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// localFile is a log file of the file system.
type localFile struct {
	path string
	size int64
}

// Name implements [logFile].
func (f localFile) Name() string { return f.path }

// Size implements [logFile].
func (f localFile) Size() int64 { return f.size }

// Open implements [logFile]. What has become a FIFO or a device since it was listed is
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
	files []localFile
	bytes int64
	pos   int
}

// openLocal lists the log files at path: the file, or all .json and .json.gz files in
// the folder and the folders in it, in the order of their names, folder by folder.
func openLocal(path string, log *slog.Logger) (input, error) {
	if path == "" {
		return nil, pluginError("missing input directory argument")
	}
	root, err := os.Stat(path)
	if err != nil {
		return nil, pluginError("cannot open %s", path)
	}
	in := &localInput{}
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
		return nil, pluginError("cannot open %s: %w", path, err)
	}
	if len(in.files) == 0 {
		return nil, pluginError("no json files found in %s", strings.TrimSuffix(path, string(filepath.Separator)))
	}
	return in, nil
}

// add takes the file into the list if it is a log file: a regular one, or a link to one. A
// link that leads nowhere is taken too, and reported when it is opened.
func (in *localInput) add(name string, d fs.DirEntry) {
	if !strings.HasSuffix(name, ".json") && !strings.HasSuffix(name, ".json.gz") {
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

func (in *localInput) next(context.Context) (logFile, error) {
	if in.pos == len(in.files) {
		return nil, io.EOF
	}
	in.pos++
	return &in.files[in.pos-1], nil
}

func (in *localInput) total() (files int, bytes int64) { return len(in.files), in.bytes }

func (in *localInput) close() error { return nil }
