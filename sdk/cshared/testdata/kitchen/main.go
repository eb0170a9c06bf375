// SPDX-License-Identifier: Apache-2.0

// Command kitchen is a plugin that has everything, for the tests of package cshared.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
	"github.com/gyr-dev/gyr/sdk/cshared"
	"github.com/gyr-dev/gyr/sdk/cshared/extract"
	"github.com/gyr-dev/gyr/sdk/cshared/source"
)

func init() {
	cshared.Export(func() sdk.Plugin { return &kitchen{} }, source.Symbols, extract.Symbols)
}

func main() {}

type kitchen struct{ config string }

func (k *kitchen) Info() sdk.Info {
	return sdk.Info{
		Name: "kitchen", Description: "Has everything", Contact: "nobody", Version: "1.2.3",
		ID: 999, EventSource: "kitchen", ExtractSources: []string{"kitchen", "pantry"},
	}
}

func (k *kitchen) InitSchema() string { return `{"type": "object"}` }

func (k *kitchen) Init(config string) error {
	switch config {
	case "panic":
		panic("init panics")
	case "fail":
		return errors.New("init fails")
	}
	k.config = config
	return nil
}

func (k *kitchen) OpenParams() ([]sdk.OpenParam, error) {
	if k.config == "noparams" {
		return nil, errors.New("no suggestions")
	}
	return []sdk.OpenParam{{Value: "10", Desc: "ten events", Separator: ","}}, nil
}

// Open starts a stream of params events. With "fail-" before the number it ends with an
// error, with "panic-" with a panic. "idle" has no event and says so at once, "wait" waits
// for one in vain.
func (k *kitchen) Open(params string) (event.Source, error) {
	s := &stream{}
	switch params {
	case "panic":
		panic("open panics")
	case "fail":
		return nil, errors.New("open fails")
	case "idle":
		s.idle = true
		return s, nil
	case "wait":
		return sdk.Push(make(chan sdk.PushEvent), sdk.StreamOptions{}), nil
	}
	switch {
	case len(params) > 5 && params[:5] == "fail-":
		s.fail, params = func() error { return errors.New("stream fails") }, params[5:]
	case len(params) > 6 && params[:6] == "panic-":
		s.fail, params = func() error { panic("stream panics") }, params[6:]
	}
	n, err := strconv.Atoi(params)
	s.left = n
	return s, err
}

type stream struct {
	left, done, batches int
	acked               atomic.Int64
	failed              atomic.Value // text of the last error
	fail                func() error
	idle                bool
	text                []byte
}

func (s *stream) Next(_ context.Context, b *event.Batch) error {
	for !b.Full() && !s.idle {
		if s.left == 0 {
			if s.fail != nil {
				return s.fail()
			}
			return io.EOF
		}
		s.left--
		s.done++
		s.text = strconv.AppendInt(append(s.text[:0], "event "...), int64(s.done), 10)
		b.Add(0, uint64(s.done), s.text)
		s.batches++
		b.Token = s.batches
	}
	return nil
}

func (s *stream) Ack(token any, err error) {
	s.acked.Store(int64(token.(int)))
	if err != nil {
		s.failed.Store(err.Error())
	}
}

func (s *stream) ReadAhead() int { return 1 }

func (s *stream) Progress() (float64, string) {
	text := fmt.Sprintf("%d read, %d acknowledged", s.done, s.acked.Load())
	if why, ok := s.failed.Load().(string); ok {
		text += ", failed: " + why
	}
	return float64(s.done) / float64(max(s.done+s.left, 1)), text
}

func (s *stream) Close() error { return nil }

func (k *kitchen) AppendString(dst []byte, e *event.Event) ([]byte, error) {
	switch string(e.Data) {
	case "event 3":
		return nil, errors.New("no text")
	case "event 4":
		panic("text panics")
	}
	return append(append(dst, "text of "...), e.Data...), nil
}

var fields = func() (list []abi.FieldInfo) {
	for i := range 12 {
		list = append(list, abi.FieldInfo{Name: fmt.Sprintf("k.const%d", i), Type: abi.String, Desc: "a constant"})
	}
	add := func(name string, t abi.FieldType, isList bool, arg abi.FieldArg) {
		list = append(list, abi.FieldInfo{Name: "k." + name, Type: t, List: isList, Arg: arg, Desc: "a value"})
	}
	none := abi.FieldArg{}
	add("num", abi.Uint64, false, none)
	add("bool", abi.Bool, false, none)
	add("rel", abi.RelTime, false, none)
	add("abs", abi.AbsTime, false, none)
	add("ip4", abi.IPAddr, false, none)
	add("ip6", abi.IPNet, false, none)
	add("strs", abi.String, true, none)
	add("nums", abi.Uint64, true, none)
	add("bools", abi.Bool, true, none)
	add("ips", abi.IPAddr, true, none)
	add("arg", abi.String, false, abi.FieldArg{Index: true, Key: true})
	add("panic", abi.String, false, none)
	add("error", abi.String, false, none)
	add("empty", abi.String, false, none)
	add("badip", abi.IPAddr, false, none)
	add("absent", abi.String, false, none)
	add("textnum", abi.Uint64, false, none)
	add("numtext", abi.String, false, none)
	add("listnum", abi.Uint64, false, none)
	add("singles", abi.Uint64, true, none)
	add("texts", abi.Bool, true, none)
	return list
}()

func (k *kitchen) Fields() []abi.FieldInfo { return fields }

func (k *kitchen) Extract(e *event.Event, req *sdk.Request, out *event.Value, mem *event.Arena) error {
	if req.Field < 12 {
		*out = sdk.String("a constant of some length")
		return nil
	}
	switch req.Info.Name {
	case "k.num":
		*out = sdk.Uint64(e.Num)
	case "k.bool":
		*out = sdk.Bool(true)
	case "k.rel":
		*out = sdk.Duration(time.Second)
	case "k.abs":
		*out = sdk.Time(time.Unix(0, int64(e.Time)))
	case "k.ip4":
		*out = sdk.Addr(mem, netip.MustParseAddr("::ffff:192.0.2.1"))
	case "k.ip6":
		*out = sdk.Addr(mem, netip.MustParseAddr("2001:db8::1"))
	case "k.strs":
		*out = sdk.Strings(mem, []string{"a", "", string(e.Data)})
	case "k.nums":
		*out = sdk.Uint64s(mem, []uint64{1, 2, 1 << 63})
	case "k.bools":
		*out = sdk.Bools(mem, []bool{true, false, true})
	case "k.ips":
		*out = sdk.Addrs(mem, []netip.Addr{netip.MustParseAddr("1.2.3.4"), {}, netip.IPv6Loopback()})
	case "k.arg":
		switch {
		case !req.HasArg:
			*out = sdk.String("none")
		case req.ByIndex:
			*out = sdk.String(fmt.Sprint("index ", req.Index))
		default:
			*out = sdk.String("key " + req.Key)
		}
	case "k.panic":
		panic("field panics")
	case "k.error":
		return errors.New("field fails")
	case "k.empty":
		*out = sdk.String("")
	case "k.badip":
		*out = sdk.String("abc")
	case "k.textnum":
		*out = sdk.String("7")
	case "k.numtext", "k.singles":
		*out = sdk.Uint64(7)
	case "k.listnum":
		*out = sdk.Uint64s(mem, []uint64{7})
	case "k.texts":
		*out = sdk.Strings(mem, []string{"7"})
	}
	return nil
}

// Destroy is there to be called.
func (k *kitchen) Destroy() {
	if k.config == "destroypanic" {
		panic("destroy panics")
	}
}
