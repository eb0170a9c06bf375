// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// door reads a log of people at a door: lines with an address, a name and a verdict.
type door struct{}

func (door) Info() sdk.Info {
	return sdk.Info{
		Name: "door", Description: "Who comes through the door", Version: "1.0.0",
		ID: 999, EventSource: "door",
	}
}

// Open starts a stream of the lines of a file; params is its name.
func (door) Open(params string) (event.Source, error) {
	file, err := os.Open(params)
	if err != nil {
		return nil, err
	}
	return lines(file, file.Close), nil
}

func lines(r io.Reader, closer func() error) event.Source {
	scan := bufio.NewScanner(r)
	next := func(context.Context) (data []byte, ts uint64, err error) {
		if scan.Scan() {
			return scan.Bytes(), abi.NoTime, nil
		}
		if scan.Err() != nil {
			return nil, 0, scan.Err()
		}
		return nil, 0, io.EOF
	}
	return sdk.Pull(next, sdk.StreamOptions{Close: closer})
}

func (door) Fields() []abi.FieldInfo {
	return []abi.FieldInfo{
		{Name: "door.ip", Type: abi.IPAddr, Desc: "Where the request came from"},
		{Name: "door.name", Type: abi.String, Desc: "Who wants to come in"},
		{Name: "door.open", Type: abi.Bool, Desc: "Whether the door was opened"},
	}
}

func (door) Extract(e *event.Event, req *sdk.Request, out *event.Value, mem *event.Arena) error {
	words := bytes.Fields(e.Data)
	if len(words) != 3 {
		return fmt.Errorf("a line has %d words instead of 3", len(words))
	}
	switch req.Field {
	case 0:
		ip, err := netip.ParseAddr(string(words[0]))
		if err != nil {
			return err
		}
		*out = sdk.Addr(mem, ip)
	case 1:
		*out = sdk.Bytes(words[1])
	case 2:
		*out = sdk.Bool(bytes.Equal(words[2], []byte("open")))
	}
	return nil
}

// A plugin with an event source and three fields. Its main package for a shared library
// has one more line: cshared.Export(func() sdk.Plugin { return door{} }, source.Symbols,
// extract.Symbols).
func Example() {
	p := door{}
	stream := lines(strings.NewReader("192.0.2.7 alice open\n2001:db8::5 mallory shut\nnonsense\n"), nil)
	plan, err := sdk.PlanFor(p, []sdk.Request{{Field: 1}, {Field: 2}, {Field: 0}})
	if err != nil {
		fmt.Println(err)
		return
	}
	batch := event.NewBatch(100, event.NewArena(nil, nil))
	err = stream.Next(context.Background(), batch)
	fmt.Println(len(batch.Events), "events,", err)
	for i := range batch.Events {
		out := make([]event.Value, 3)
		err := plan.Extract(&batch.Events[i], out, batch.Arena)
		ip, _ := netip.AddrFromSlice([]byte(out[2].Str))
		fmt.Println(out[0].Str, out[1].Num, ip, err)
	}
	// Output:
	// 3 events, EOF
	// alice 1 192.0.2.7 <nil>
	// mallory 0 2001:db8::5 <nil>
	//  0 invalid IP a line has 1 words instead of 3
}
