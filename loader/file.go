// SPDX-License-Identifier: Apache-2.0

package loader

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// checkFile looks at a file before the operating system's loader gets it: that loader
// says nothing useful about directories, and dies of files that were cut off.
func checkFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	if st.IsDir() {
		return errors.New("is a directory")
	}
	if !st.Mode().IsRegular() {
		return errors.New("is not a regular file")
	}
	return checkELF(f, st.Size())
}

var errCutOff = errors.New("the file is cut off")

// checkELF checks that the parts of an ELF file which are mapped into memory lie within
// the file. Anything else is left to the operating system.
func checkELF(r io.ReaderAt, size int64) error {
	var h [64]byte
	n, err := r.ReadAt(h[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if n < 4 || string(h[:4]) != "\x7fELF" {
		return nil
	}
	if n < len(h) {
		return errCutOff
	}
	var order binary.ByteOrder = binary.LittleEndian
	if h[5] == 2 {
		order = binary.BigEndian
	}
	wide := h[4] == 2
	at, width, count := uint64(order.Uint32(h[28:])), order.Uint16(h[42:]), order.Uint16(h[44:])
	if wide {
		at, width, count = order.Uint64(h[32:]), order.Uint16(h[54:]), order.Uint16(h[56:])
	}
	if at > uint64(size) || at+uint64(width)*uint64(count) > uint64(size) {
		return errCutOff
	}
	if need := uint16(56); width < need && (wide || width < 32) {
		return errors.New("the file has a broken program header")
	}
	p := make([]byte, width)
	for i := range uint64(count) {
		if _, err := r.ReadAt(p, int64(at+i*uint64(width))); err != nil {
			return err
		}
		offset, length := uint64(order.Uint32(p[4:])), uint64(order.Uint32(p[16:]))
		if wide {
			offset, length = order.Uint64(p[8:]), order.Uint64(p[32:])
		}
		if offset > uint64(size) || length > uint64(size)-offset {
			return errCutOff
		}
	}
	return nil
}
