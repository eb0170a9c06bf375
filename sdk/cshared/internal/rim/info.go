// SPDX-License-Identifier: Apache-2.0

package rim

// #cgo CFLAGS: -I${SRCDIR}/../../../../abi
// #include "plugin_abi.h"
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/sdk"
)

// Symbols is a capability whose C functions are linked in.
type Symbols int

// The capabilities.
const (
	Sourcing Symbols = iota + 1
	Extraction
	Parsing
	Async
	Listening
)

// TextID names a text that describes the plugin.
type TextID int

// The texts.
const (
	RequiredAPI TextID = iota
	Name
	Description
	Contact
	Version
	Schema // no text without a schema
	EventSource
	Fields
	ExtractSources
	ParseSources
	AsyncSources
	AsyncEvents
	nothing
	numTexts
)

// exported is the plugin of this library.
var exported struct {
	factory sdk.Factory
	symbols []Symbols
	once    sync.Once
	info    sdk.Info
	texts   [numTexts]buffer
	types   buffer
	err     error // why the plugin cannot be used
}

// Export is cshared.Export.
func Export(f sdk.Factory, symbols []Symbols) { exported.factory, exported.symbols = f, symbols }

// load reads the description of the plugin, at the first call of any function.
func load() {
	exported.once.Do(func() {
		x := &exported
		texts := [numTexts]string{RequiredAPI: abi.Version, Fields: "[]", ExtractSources: "[]", ParseSources: "[]", AsyncSources: "[]", AsyncEvents: "[]"}
		x.err = guard(func() error { return describe(&texts) })
		for i, s := range texts {
			if s != "" || TextID(i) != Schema {
				x.texts[i].setText([]byte(s))
			}
		}
		types := x.types.grow(2)
		*(*uint16)(unsafe.Pointer(&types[0])) = abi.PluginEvent
	})
}

func describe(texts *[numTexts]string) error {
	x := &exported
	if x.factory == nil {
		return errors.New("the library does not call cshared.Export")
	}
	p := x.factory()
	if p == nil {
		return errors.New("the factory returned no plugin")
	}
	x.info = p.Info()
	texts[Name], texts[Description] = x.info.Name, x.info.Description
	texts[Contact], texts[Version] = x.info.Contact, x.info.Version
	texts[EventSource] = x.info.EventSource
	if s, ok := p.(sdk.SchemaProvider); ok {
		texts[Schema] = s.InitSchema()
	}
	if f, ok := p.(sdk.Extractor); ok {
		texts[Fields] = fieldsJSON(f.Fields())
	}
	if a, ok := p.(sdk.AsyncSource); ok {
		texts[AsyncEvents] = listJSON(a.AsyncEvents())
	}
	texts[ExtractSources] = listJSON(x.info.ExtractSources)
	texts[ParseSources] = listJSON(x.info.ParseSources)
	texts[AsyncSources] = listJSON(x.info.AsyncSources)
	_, sources := p.(sdk.Sourcer)
	_, extracts := p.(sdk.Extractor)
	_, parses := p.(sdk.Parser)
	_, injects := p.(sdk.AsyncSource)
	_, listens := p.(sdk.Listener)
	return errors.Join(fits("sdk.Sourcer", sources, "sdk/cshared/source", Sourcing),
		fits("sdk.Extractor", extracts, "sdk/cshared/extract", Extraction),
		fits("sdk.Parser", parses, "sdk/cshared/parse", Parsing),
		fits("sdk.AsyncSource", injects, "sdk/cshared/async", Async),
		fits("sdk.Listener", listens, "sdk/cshared/listen", Listening))
}

// listJSON returns a list of strings as JSON.
func listJSON(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	b, err := json.Marshal(list)
	if err != nil { // cannot happen for strings
		return "[]"
	}
	return string(b)
}

// fits checks that the library exports the functions of an interface if and only if the plugin
// implements it.
func fits(iface string, has bool, pkg string, symbols Symbols) error {
	switch linked := slices.Contains(exported.symbols, symbols); {
	case has && !linked:
		return fmt.Errorf("the plugin implements %s, but the library was built without %s", iface, pkg)
	case !has && linked:
		return fmt.Errorf("the plugin does not implement %s, but the library was built with %s", iface, pkg)
	}
	return nil
}

// Text returns a text that describes the plugin, in memory that is never freed.
func Text(id TextID) unsafe.Pointer {
	load()
	return exported.texts[id].p
}

// ID returns the ID of the event source.
func ID() uint32 {
	load()
	return exported.info.ID
}

// openLog returns the host's log, nil if there is none.
func openLog(in unsafe.Pointer) *hostLog {
	input := (*C.gyr_init_input)(in)
	if input.log == nil {
		return nil
	}
	return &hostLog{owner: input.owner, write: input.log}
}

// configOf returns the configuration that the host passes.
func configOf(in unsafe.Pointer) string { return C.GoString((*C.gyr_init_input)(in).config) }

// fieldsJSON returns the list of fields in the form of get_fields.
func fieldsJSON(list []abi.FieldInfo) string {
	type entry struct {
		Type       string        `json:"type"`
		Name       string        `json:"name"`
		List       bool          `json:"isList,omitempty"`
		Arg        *abi.FieldArg `json:"arg,omitempty"`
		Display    string        `json:"display,omitempty"`
		Desc       string        `json:"desc"`
		AddOutput  bool          `json:"addOutput,omitempty"`
		Properties []string      `json:"properties,omitempty"`
	}
	out := make([]entry, len(list))
	for i := range list {
		f := &list[i]
		out[i] = entry{
			Type: f.Type.String(), Name: f.Name, List: f.List, Display: f.Display, Desc: f.Desc,
			AddOutput: f.AddOutput, Properties: f.Properties,
		}
		if f.Arg != (abi.FieldArg{}) {
			out[i].Arg = &f.Arg
		}
	}
	b, err := json.Marshal(out)
	if err != nil { // cannot happen for strings and booleans
		return "[]"
	}
	return string(b)
}

// guard calls f and converts a panic to an error.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}
