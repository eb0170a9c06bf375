// SPDX-License-Identifier: Apache-2.0

package docs_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// demoSource is the event source of the examples.
const demoSource = "demo"

// demoFields are the fields of the examples.
var demoFields = []abi.FieldInfo{
	{Name: "user.name", Type: abi.String, Desc: "Who it was.", AddOutput: true},
	{Name: "user.owner", Type: abi.String, Desc: "Who is responsible for the account."},
	{Name: "user.id", Type: abi.Uint64, Desc: "Number of the account."},
	{Name: "user.admin", Type: abi.Bool, Desc: "Whether the account has all rights."},
	{Name: "user.groups", Type: abi.String, List: true, Desc: "Groups of the account."},
	{Name: "file.path", Type: abi.String, Desc: "The file that was opened."},
	{Name: "req.took", Type: abi.RelTime, Desc: "How long it took."},
	{Name: "req.at", Type: abi.AbsTime, Desc: "When it began."},
	{Name: "req.body", Type: abi.String, Desc: "What was sent, in base64."},
	{Name: "req.codes", Type: abi.Uint64, List: true, Desc: "The status codes of all answers."},
	{Name: "req.header", Type: abi.String, Arg: abi.FieldArg{Key: true, Required: true}, Desc: "A header."},
	{Name: "net.ip", Type: abi.IPAddr, Desc: "Address of the client."},
	{Name: "net.peer", Type: abi.IPNet, Desc: "Address of the client, to be compared with networks."},
	{Name: "net.hops", Type: abi.IPAddr, List: true, Desc: "Addresses on the way."},
	{Name: "proc.args", Type: abi.String, List: true, Desc: "Arguments of a command."},
	{Name: "proc.arg", Type: abi.String, Arg: abi.FieldArg{Index: true, Required: true}, Desc: "One argument, counted from 0."},
	{Name: "jevt.value", Type: abi.String, Arg: abi.FieldArg{Key: true, Required: true}, Desc: "A value in a JSON event."},
}

// demoCatalogue has the fields of the examples, generic and static ones.
func demoCatalogue(t testing.TB, static map[string]string) *fields.Catalogue {
	t.Helper()
	c := fields.NewCatalogue()
	for _, f := range new(fields.Generic).Fields(nil) {
		if err := c.AddField(demoSource, f); err != nil {
			t.Fatal(err)
		}
	}
	s := fields.NewStatic(static)
	if err := c.Add(demoSource, fields.StaticClass, s, s.Fields()); err != nil {
		t.Fatal(err)
	}
	if err := c.Add(demoSource, "demo (plugin)", nil, demoFields); err != nil {
		t.Fatal(err)
	}
	return c
}

// demoEvent is an event of an example: values by field, as they are written. Generic
// fields have fixed values.
type demoEvent struct {
	texts  map[string]string
	static map[string]string
}

// parseEvent reads name=value pairs separated by blanks; "-" is an event without fields. A
// value is a word, a text in double quotes with Go's escapes, or a list (a,b).
func parseEvent(s string) (demoEvent, error) {
	e := demoEvent{texts: map[string]string{}}
	s = strings.TrimSpace(s)
	if s == "-" {
		return e, nil
	}
	for s != "" {
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			return e, fmt.Errorf("%q is not name=value", s)
		}
		field, _, _ := strings.Cut(name, "[")
		if !slices.ContainsFunc(demoFields, func(f abi.FieldInfo) bool { return f.Name == field }) {
			return e, fmt.Errorf("there is no field %s", name)
		}
		var val string
		switch {
		case strings.HasPrefix(rest, `"`):
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return e, err
			}
			val, rest = quoted, rest[len(quoted):]
		case strings.HasPrefix(rest, "("):
			i := strings.IndexByte(rest, ')')
			if i < 0 {
				return e, fmt.Errorf("%q: a parenthesis is missing", rest)
			}
			val, rest = rest[:i+1], rest[i+1:]
		default:
			val, rest, _ = strings.Cut(rest, " ")
		}
		e.texts[name] = val
		s = strings.TrimSpace(rest)
	}
	return e, nil
}

// row returns the cells of a layout.
func (e demoEvent) row(l *fields.Layout) ([]event.Value, error) {
	row := make([]event.Value, l.Width())
	for i, r := range l.Refs() {
		var err error
		if row[i], err = e.value(r); err != nil {
			return nil, err
		}
	}
	return row, nil
}

func (e demoEvent) value(r fields.Ref) (event.Value, error) {
	f := r.Field
	if name, ok := strings.CutPrefix(f.Name, "static."); ok {
		return event.StringValue(e.static[name]), nil
	}
	if f.Class == fields.GenericClass {
		return genericValue(f.Name), nil
	}
	if r.ByIndex {
		return e.indexed(r)
	}
	text, ok := e.texts[r.String()]
	if !ok {
		return event.Value{}, nil
	}
	if !f.List {
		return parseValue(f.Type, text)
	}
	return parseList(f.Type, text)
}

// indexed is proc.arg: an element of proc.args.
func (e demoEvent) indexed(r fields.Ref) (event.Value, error) {
	list, err := parseList(r.Field.Type, e.texts["proc.args"])
	if err != nil || r.Index >= uint64(len(list.List)) {
		return event.Value{}, err
	}
	return list.List[r.Index], nil
}

func parseList(t abi.FieldType, text string) (event.Value, error) {
	text = strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")
	if text == "" {
		return event.Value{}, nil
	}
	var list []event.Value
	for _, elem := range strings.Split(text, ",") {
		v, err := parseValue(t, strings.TrimSpace(elem))
		if err != nil {
			return v, err
		}
		list = append(list, v)
	}
	return event.ListValue(list), nil
}

func parseValue(t abi.FieldType, text string) (event.Value, error) {
	if strings.HasPrefix(text, `"`) {
		var err error
		if text, err = strconv.Unquote(text); err != nil {
			return event.Value{}, err
		}
	}
	switch t {
	case abi.String:
		return event.StringValue(text), nil
	case abi.Bool:
		return event.BoolValue(text == "true"), nil
	case abi.IPAddr, abi.IPNet:
		a, err := netip.ParseAddr(text)
		return event.StringValue(string(a.AsSlice())), err
	}
	n, err := strconv.ParseUint(text, 10, 64)
	return event.NumValue(n), err
}

// eventTime is the time of all events of the examples.
const eventTime uint64 = 1_700_000_000_123_456_789

// genericValue is a value that all events of the examples have.
func genericValue(name string) event.Value {
	const at = eventTime
	switch name {
	case "evt.num":
		return event.NumValue(7)
	case "evt.time":
		return event.Value{Str: "22:13:20.123456789", Num: at, Present: true}
	case "evt.rawtime":
		return event.NumValue(at)
	case "evt.rawtime.ns":
		return event.NumValue(at % 1e9)
	case "evt.reltime":
		return event.NumValue(12345)
	case "evt.source":
		return event.StringValue(demoSource)
	case "evt.plugininfo":
		return event.StringValue("one\tevent")
	}
	return event.Value{}
}
