// SPDX-License-Identifier: Apache-2.0

// Package trailgen generates sample CloudTrail logs: four accounts, five regions, six hours of
// ordinary traffic and an intrusion. The accounts, names and addresses are fictitious (account
// IDs and networks are those reserved for documentation).
//
// Folders and files are laid out as AWS delivers them:
//
//	AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_TIME_ID.json.gz
//
// Each file holds {"Records":[...]}. The same [Config] gives the same records on every machine
// and with every version of Go.
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
	// DefaultRecords is the default number of records of ordinary traffic.
	DefaultRecords = 24000

	span       = 6 * time.Hour    // time span of the logs
	fileWindow = 15 * time.Minute // time span of a file
)

// epoch is the time of the first record.
var epoch = time.Date(2026, time.March, 10, 0, 0, 0, 0, time.UTC)

// Config configures the sample. The zero value is the standard sample.
type Config struct {
	// Seed is the seed of the random generator.
	Seed uint64
	// Records is the number of records of ordinary traffic, in addition to those of the
	// intrusion. 0 means DefaultRecords.
	Records int
}

// File is one log file.
type File struct {
	// Path is relative to the root of the logs, with slashes.
	Path string
	// Content is the uncompressed JSON text.
	Content []byte
	// Records is the number of records in Content.
	Records int
}

// Files generates the logs, sorted by path.
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

// Summary describes the files written by Write.
type Summary struct {
	Files, Records int
	// Bytes and Packed are the total sizes before and after compression.
	Bytes, Packed int64
}

// Write writes the logs below dir, which it creates if needed. It replaces existing files but
// does not remove others.
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
