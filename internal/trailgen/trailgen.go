// SPDX-License-Identifier: Apache-2.0

// Package trailgen makes sample CloudTrail logs: four accounts, five regions, six hours
// of ordinary traffic, and an intrusion in between. The accounts, names and addresses
// are invented (the account ids and networks are those reserved for documentation).
//
// The logs lie in folders and files as AWS delivers them:
//
//	AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_TIME_ID.json.gz
//
// and each file holds {"Records":[...]}. The same [Config] gives the same records with
// every version of Go, on every machine.
package trailgen

import (
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// DefaultRecords is how many records of ordinary traffic a Config of zero means.
	DefaultRecords = 24000

	span       = 6 * time.Hour    // what the logs cover
	fileWindow = 15 * time.Minute // what one file covers
)

// epoch is the time of the first record.
var epoch = time.Date(2026, time.March, 10, 0, 0, 0, 0, time.UTC)

// Config says what to make. The zero value is the standard sample.
type Config struct {
	// Seed selects one of many equally good samples.
	Seed uint64
	// Records is the number of records of ordinary traffic; those of the intrusion
	// come on top. 0 means DefaultRecords.
	Records int
}

// File is one log file.
type File struct {
	// Path is relative to the root of the logs, with slashes.
	Path string
	// Content is the JSON text, not compressed.
	Content []byte
	// Records is how many records Content has.
	Records int
}

// Files makes the logs, sorted by path.
func Files(c Config) ([]File, error) {
	if c.Records == 0 {
		c.Records = DefaultRecords
	}
	g := newGenerator(c.Seed)
	g.background(c.Records)
	g.intrusion()

	var files []File
	for key, records := range g.byFile() {
		content, err := encode(records)
		if err != nil {
			return nil, fmt.Errorf("file %s: %w", key.path(""), err)
		}
		files = append(files, File{Path: key.path(g.fileID(key)), Content: content, Records: len(records)})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files, nil
}

// Summary is what Write has written.
type Summary struct {
	Files, Records int
	// Bytes and Packed are the sizes of all files before and after compression.
	Bytes, Packed int64
}

// Write makes the logs below dir, which it creates where needed. Files of the same name
// are replaced; nothing is removed.
func Write(dir string, c Config) (Summary, error) {
	files, err := Files(c)
	if err != nil {
		return Summary{}, err
	}
	var s Summary
	for _, f := range files {
		n, err := writeFile(filepath.Join(dir, filepath.FromSlash(f.Path)), f.Content)
		if err != nil {
			return s, err
		}
		s.Files++
		s.Records += f.Records
		s.Bytes += int64(len(f.Content))
		s.Packed += n
	}
	return s, nil
}

// writeFile writes content compressed and returns the size of the file.
func writeFile(path string, content []byte) (size int64, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return 0, err
	}
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	zw := gzip.NewWriter(f)
	if _, err := zw.Write(content); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	if err := zw.Close(); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return f.Seek(0, io.SeekCurrent)
}
