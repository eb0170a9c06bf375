// SPDX-License-Identifier: Apache-2.0

package logfiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"go.uber.org/goleak"

	"github.com/gyr-dev/gyr/event"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lines is a splitter whose records are lines. A line "damage" ends a file.
type lines struct{ dropped int }

func (l *lines) Reset() {}

func (l *lines) Split(buf []byte, pos int, last bool, out []Span) (int, []Span, error) {
	for {
		n := bytes.IndexByte(buf[pos:], '\n')
		if n < 0 {
			if last && pos < len(buf) {
				return pos, out, errors.New("the last line has no end")
			}
			return pos, out, nil
		}
		if string(buf[pos:pos+n]) == "damage" {
			return pos, out, errors.New("damage")
		}
		out = append(out, Span{Start: pos, End: pos + n, Time: uint64(n)})
		pos += n + 1
	}
}

func (l *lines) Drop(buf []byte) (int, error) {
	l.dropped++
	return len(buf), nil
}

func (l *lines) Done(string) {}

// numbered returns the lines from first to before end, each of them padded.
func numbered(first, end, pad int) (list []string) {
	for i := first; i < end; i++ {
		list = append(list, fmt.Sprintf("%d %s", i, strings.Repeat("x", pad)))
	}
	return list
}

func write(tb testing.TB, dir, name string, lines []string) {
	tb.Helper()
	text := []byte(strings.Join(lines, "\n") + "\n")
	if strings.HasSuffix(name, ".gz") {
		text = gzipped(tb, text)
	}
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
		tb.Fatal(err)
	}
}

func gzipped(tb testing.TB, text []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func openLocal(tb testing.TB, dir string) Input {
	tb.Helper()
	in, err := OpenLocal(dir, []string{".txt", ".gz"}, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

func options() Options {
	return Options{Splitter: func() Splitter { return &lines{} }, Counts: &Counts{}, Log: slog.New(slog.DiscardHandler)}
}

// next reads one batch, which may be empty.
func next(tb testing.TB, s event.Source, b *event.Batch) (end bool) {
	tb.Helper()
	err := s.Next(context.Background(), b)
	if err != nil && err != io.EOF {
		tb.Fatal(err)
	}
	return err == io.EOF
}
