// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// floor inflates all logs below a folder on all processors and counts a byte in them.
func floor(folder string) error {
	var names []string
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".gz") {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	work := make(chan string)
	errs := make([]error, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			buf := make([]byte, 1<<18)
			for name := range work {
				errs[i] = errors.Join(errs[i], look(name, buf))
			}
		})
	}
	for _, n := range names {
		work <- n
	}
	close(work)
	wg.Wait()
	return errors.Join(errs...)
}

// look inflates a file.
func look(name string, buf []byte) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	quotes := 0
	for err == nil {
		var n int
		n, err = z.Read(buf)
		quotes += bytes.Count(buf[:n], []byte{'"'})
	}
	if !errors.Is(err, io.EOF) || quotes == 0 {
		return errors.Join(err, errors.New(name+": no JSON"))
	}
	return nil
}
