// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gyr-dev/gyr/capture"
)

// outFlags holds the flags of subcommands that write a capture.
type outFlags struct {
	path  string
	plain bool
}

func (o *outFlags) define(c *cobra.Command) {
	c.Flags().StringVarP(&o.path, "write", "w", "", "Write to this `file`")
	c.Flags().BoolVar(&o.plain, "no-compress", false, "Do not compress the file")
	if err := c.MarkFlagRequired("write"); err != nil {
		panic(err) // the flag is the one above
	}
}

// create opens the file to be written, for commands that write until they are stopped.
func (o *outFlags) create(wo capture.WriterOptions) (*capture.Writer, error) {
	wo.Gzip = !o.plain
	return capture.Create(filepath.Clean(o.path), wo)
}

// written is a capture that takes the place of an existing file when it is complete.
type written struct {
	*capture.Writer
	path string // where it is to be
	temp string // where it is written, "" for path
}

// replace opens a file to be written that is not to be seen, and an existing one not to be
// touched, before it is complete. It must be none of those that are read.
func (o *outFlags) replace(wo capture.WriterOptions, inputs ...string) (*written, error) {
	out := &written{path: filepath.Clean(o.path)}
	if real, err := filepath.EvalSymlinks(out.path); err == nil {
		out.path = real
	}
	to, err := os.Stat(out.path)
	for _, in := range inputs {
		if from, ferr := os.Stat(in); err == nil && ferr == nil && os.SameFile(from, to) {
			return nil, fmt.Errorf("%s is both read and written", o.path)
		}
	}
	wo.Gzip = !o.plain
	file := out.path
	if err != nil || to.Mode().IsRegular() { // a pipe or a device cannot be replaced
		out.temp = fmt.Sprintf("%s.%d.tmp", out.path, os.Getpid())
		file = out.temp
	}
	if out.Writer, err = capture.Create(file, wo); err != nil {
		return nil, err
	}
	if to != nil && out.temp != "" {
		err = os.Chmod(out.temp, to.Mode().Perm())
	}
	if err != nil {
		return nil, out.finish(err)
	}
	return out, nil
}

// finish closes the file and puts it in its place or, after an error, removes it.
func (w *written) finish(err error) error {
	err = errors.Join(err, w.Close())
	switch {
	case w.temp == "":
		return err
	case err != nil:
		return errors.Join(err, os.Remove(w.temp))
	}
	return os.Rename(w.temp, w.path)
}
