// SPDX-License-Identifier: Apache-2.0

package dummy

import (
	"errors"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/sdk"
)

// fields are the fields and the functions that extract them.
var fields = sdk.NewFieldTable(
	sdk.Field{
		FieldInfo: abi.FieldInfo{
			Name: "dummy.divisible", Type: abi.Uint64, Arg: abi.FieldArg{Required: true, Index: true},
			Desc: "1 if the number is divisible by the argument, else 0. There is no value for the argument 0.",
		},
		Get: divisible,
	},
	sdk.Field{
		FieldInfo: abi.FieldInfo{Name: "dummy.value", Type: abi.Uint64, Desc: "The number."},
		Get:       value,
	},
	sdk.Field{
		FieldInfo: abi.FieldInfo{Name: "dummy.strvalue", Type: abi.String, Desc: "The number as text."},
		Get:       text,
	},
)

// ExtractsConcurrently implements [sdk.Concurrent]: extraction changes nothing.
func (p *plugin) ExtractsConcurrently() bool { return true }

func divisible(e *event.Event, req *sdk.Request, out *event.Value, _ *event.Arena) error {
	n, err := number(e)
	if err != nil {
		return err
	}
	if req.Index == 0 {
		return errZero
	}
	*out = sdk.Uint64(0)
	if n%req.Index == 0 {
		*out = sdk.Uint64(1)
	}
	return nil
}

func value(e *event.Event, _ *sdk.Request, out *event.Value, _ *event.Arena) error {
	n, err := number(e)
	if err == nil {
		*out = sdk.Uint64(n)
	}
	return err
}

func text(e *event.Event, _ *sdk.Request, out *event.Value, _ *event.Arena) error {
	_, err := number(e)
	if err == nil {
		*out = sdk.Bytes(e.Data)
	}
	return err
}

var (
	errZero   = errors.New("nothing is divisible by 0")
	errNumber = errors.New("the event is not a number")
)

// number returns the payload as a number.
func number(e *event.Event) (n uint64, err error) {
	if e.Type != abi.PluginEvent || len(e.Data) == 0 {
		return 0, errNumber
	}
	// The first 19 digits cannot overflow.
	safe := e.Data[:min(len(e.Data), maxDigits-1)]
	for _, c := range safe {
		d := uint64(c - '0')
		if d > 9 {
			return 0, errNumber
		}
		n = n*10 + d
	}
	for _, c := range e.Data[len(safe):] {
		d := uint64(c - '0')
		if d > 9 || n > (^uint64(0)-d)/10 {
			return 0, errNumber
		}
		n = n*10 + d
	}
	return n, nil
}

// AppendString implements [sdk.Stringer].
func (p *plugin) AppendString(dst []byte, e *event.Event) ([]byte, error) {
	dst = append(dst, `{"sample": "`...)
	dst = append(dst, e.Data...)
	return append(dst, `"}`...), nil
}
