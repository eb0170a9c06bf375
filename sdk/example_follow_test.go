// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// journal reads a log while it is written. Its lines consist of a time and KEY=VALUE pairs.
type journal struct{ sdk.FieldTable }

func (journal) Info() sdk.Info {
	return sdk.Info{Name: "journal", Description: "Lines of a log", Version: "1.0.0", ID: 999, EventSource: "journal"}
}

// Open opens a stream of the lines of a file.
func (journal) Open(path string) (event.Source, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &follower{in: bufio.NewReader(file)}
	return sdk.Pull(f.next, sdk.StreamOptions{Close: file.Close}), nil
}

// follower reads the lines of a file, including lines that are written later.
type follower struct {
	in   *bufio.Reader
	line []byte // an incomplete line
}

// next returns the next line. At the end of the file it tries again every 100 ms, until the
// context is done.
func (f *follower) next(ctx context.Context) (line []byte, ts uint64, err error) {
	for {
		part, err := f.in.ReadBytes('\n')
		f.line = append(f.line, part...)
		if err == nil {
			line, f.line = bytes.TrimSuffix(f.line, []byte("\n")), nil
			return line, timeOf(line), nil
		}
		if !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
}

// timeOf returns the time at the start of a line, in nanoseconds since 1970.
func timeOf(line []byte) uint64 {
	word, _, _ := bytes.Cut(line, []byte(" "))
	t, err := time.Parse(time.RFC3339Nano, string(word))
	if err != nil || t.Unix() < 0 {
		return abi.NoTime // the host sets the time of reading
	}
	return uint64(t.UnixNano())
}

var journalFields = sdk.NewFieldTable(
	sdk.Field{
		FieldInfo: abi.FieldInfo{
			Name: "journal.value", Type: abi.String, Desc: "The value of a key, as in journal.value[user].",
			Arg: abi.FieldArg{Required: true, Key: true},
		},
		Get: valueOf,
	},
)

// valueOf returns the value of the key that the rule has in brackets.
func valueOf(e *event.Event, req *sdk.Request, out *event.Value, _ *event.Arena) error {
	for _, word := range bytes.Fields(e.Data) {
		if key, value, ok := bytes.Cut(word, []byte("=")); ok && string(key) == req.Key {
			*out = sdk.Bytes(value)
			return nil
		}
	}
	return nil // absent
}

// A plugin that follows a file, parses the time of events, and has a field with an argument.
func Example_follow() {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("journal-%d", os.Getpid()))
	defer os.Remove(path)
	if err := os.WriteFile(path, []byte("2026-03-01T10:00:00Z user=alice action=login\n2026-03-01T10:00:01Z us"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	stream, err := journal{journalFields}.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stream.Close()
	show := func() {
		b := event.NewBatch(10, event.NewArena(nil, nil))
		if err := stream.Next(context.Background(), b); err != nil {
			fmt.Println(err)
		}
		for i := range b.Events {
			var user event.Value
			_ = journalFields.Extract(&b.Events[i], &sdk.Request{HasArg: true, Key: "user"}, &user, b.Arena)
			fmt.Println(time.Unix(0, int64(b.Events[i].Time)).UTC().Format(time.TimeOnly), user.Str)
		}
	}
	show()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Fprintln(file, "er=bob action=logout")
	file.Close()
	show()
	// Output:
	// 10:00:00 alice
	// 10:00:01 bob
}
