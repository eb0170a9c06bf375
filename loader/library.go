// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package loader

/*
#cgo CFLAGS: -std=c99 -D_POSIX_C_SOURCE=200809L -I${SRCDIR}/../abi
#cgo linux LDFLAGS: -ldl
#include "blame.h"
#include "state.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/host"
	"github.com/gyr-dev/gyr/internal/cmem"
)

// library is a loaded file. It lives as long as the process.
type library struct {
	c       *C.gyr_library
	version host.APIVersion
	// mu is held while a state is made, opened, closed or destroyed: libraries may have
	// data that their states share. Before API 2.0 it is held for every call.
	mu sync.Mutex
	// stuck is the call that did not return, nil for none: see bounded.
	stuck atomic.Pointer[string]
	// alive is the number of states whose init succeeded.
	alive int
	// single is the one state of a library before API 2.0, nil if there is none.
	singleMu sync.Mutex
	single   *single
	// owners are the owner data of states that are gone, for the next states.
	owners []*C.gyr_owner_data
}

// libraries are all loaded files by the handle of the operating system, which is the same
// for the same file. This belongs to the process, like the loaded code itself.
var libraries = struct {
	sync.Mutex
	byHandle map[unsafe.Pointer]*library
}{byHandle: map[unsafe.Pointer]*library{}}

// Limits for texts that plugins return.
const (
	maxText = 64 << 10 // names and the like
	maxList = 16 << 20 // JSON
)

// loadLibrary loads the file and checks the API version that it requires, the first and
// until then only function that is called.
func loadLibrary(path string) (*library, error) {
	libraries.Lock()
	defer libraries.Unlock()
	handle, err := osOpen(path)
	if err != nil {
		return nil, err
	}
	if lib := libraries.byHandle[handle]; lib != nil {
		return lib, nil
	}
	mem := cmem.Zeroed(int(unsafe.Sizeof(C.gyr_library{})))
	lib := &library{c: (*C.gyr_library)(unsafe.Pointer(unsafe.SliceData(mem)))}
	C.gyr_bind(lib.c, handle)
	if lib.version, err = lib.requiredAPI(); err != nil {
		cmem.Free(mem) // the file stays loaded, but is no library to us
		return nil, err
	}
	if !lib.inGo() {
		lib.c.extract_fields_sync = nil // somebody else's function
	}
	lib.c.major, lib.c.minor = C.uint32_t(lib.version[0]), C.uint32_t(lib.version[1])
	libraries.byHandle[handle] = lib
	return lib, nil
}

// osOpen has the operating system load the file.
func osOpen(path string) (unsafe.Pointer, error) {
	if strings.IndexByte(path, 0) >= 0 {
		return nil, errors.New("can't load plugin dynamic library: the path contains a NUL")
	}
	p, why := cmem.CString(path), cmem.Zeroed(1024)
	defer cmem.Free(p)
	defer cmem.Free(why)
	text := (*C.char)(unsafe.Pointer(&why[0]))
	handle := C.gyr_os_open((*C.char)(unsafe.Pointer(&p[0])), text, C.size_t(len(why)))
	if handle == nil {
		return nil, errors.New("can't load plugin dynamic library: " + goText(text, len(why)))
	}
	return handle, nil
}

func (lib *library) requiredAPI() (host.APIVersion, error) {
	if lib.c.get_required_api_version == nil {
		return host.APIVersion{}, errors.New("plugin_get_required_api_version symbol not implemented")
	}
	return host.CheckAPIVersion(lib.text(lib.c.get_required_api_version, maxText))
}

// has reports whether the library has the function plugin_NAME.
func (lib *library) has(name string) bool {
	n := cmem.CString(name)
	defer cmem.Free(n)
	return C.gyr_has(lib.c, (*C.char)(unsafe.Pointer(&n[0]))) != 0
}

// repeatsFields reports whether one call may ask for a field several times.
func (lib *library) repeatsFields() bool {
	return lib.c.gyr_repeats_fields != nil && C.gyr_call_id(lib.c.gyr_repeats_fields) == 1
}

// text calls a function without arguments and returns a copy of its text.
func (lib *library) text(f C.gyr_text_fn, limit int) string { return goText(C.gyr_call_text(f), limit) }

// goText copies a text that a plugin returned, at most limit bytes of it. NULL is "".
func goText(s *C.char, limit int) string {
	return C.GoStringN(s, C.int(C.gyr_text_len(s, C.size_t(limit))))
}

// errorText copies an error text.
func errorText(s *C.char) error {
	if t := goText(s, abi.MaxErrorLen-1); t != "" {
		return errors.New(strings.ToValidUTF8(t, "?"))
	}
	return errors.New("the plugin gives no reason")
}

// describe checks what the library says of itself.
func (lib *library) describe(path string) (*host.Info, error) {
	caps, err := lib.caps()
	if err != nil {
		return nil, err
	}
	info := &host.Info{
		Name:        lib.text(lib.c.get_name, maxText),
		Description: lib.text(lib.c.get_description, maxText),
		Contact:     lib.text(lib.c.get_contact, maxText),
		Version:     lib.text(lib.c.get_version, maxText),
		RequiredAPI: lib.version.String(),
		Caps:        caps,
		Path:        path,
	}
	if info.Name == "" {
		return nil, errors.New("plugin provided no name")
	}
	if lib.c.called == nil {
		lib.c.called = cstr(cmem.CString(info.Name)) // stays, as the library does
	}
	C.gyr_blame_install(boolInt(goExits))
	if err := host.CheckPluginVersion(info.Version); err != nil {
		return nil, err
	}
	if err := lib.describeSource(info); err != nil {
		return nil, err
	}
	if err := lib.describeExtraction(info); err != nil {
		return nil, err
	}
	return info, lib.describeRest(info)
}

// caps returns the capabilities, before API 1.0 from the type of the plugin.
func (lib *library) caps() (host.Caps, error) {
	has := host.Symbols(lib.has)
	if lib.version[0] > 0 {
		if err := has.CheckRequired(); err != nil {
			return 0, err
		}
		return has.Caps()
	}
	if !lib.has("get_type") {
		return 0, errors.New("required symbol not implemented: 'get_type'")
	}
	if err := has.CheckRequired(); err != nil {
		return 0, err
	}
	kind := C.gyr_call_id(lib.c.get_type)
	var want host.Caps
	switch kind {
	case C.GYR_TYPE_SOURCE:
		want = host.Sourcing
	case C.GYR_TYPE_EXTRACTOR:
		want = host.Extraction
	default:
		return 0, fmt.Errorf("plugin provided an unknown type: %d", kind)
	}
	caps, err := has.Caps()
	if err != nil {
		return 0, err
	}
	if !caps.Has(want) {
		return 0, errors.New("plugin does not implement the functions of its type")
	}
	if want == host.Extraction {
		return want, nil
	}
	return caps & (host.Sourcing | host.Extraction), nil
}

func (lib *library) describeSource(info *host.Info) error {
	if !info.Caps.Has(host.Sourcing) || lib.c.get_id == nil {
		return nil
	}
	// Without an id the plugin is a source of system events, whatever its source is called.
	if info.ID = uint32(C.gyr_call_id(lib.c.get_id)); info.ID == 0 {
		return nil
	}
	info.Source = lib.text(lib.c.get_event_source, maxText)
	if info.Source == "" {
		return fmt.Errorf("plugin has the ID %d but no event source", info.ID)
	}
	return host.CheckSource(info.Source)
}

func (lib *library) describeExtraction(info *host.Info) (err error) {
	if !info.Caps.Has(host.Extraction) {
		return nil
	}
	published := C.gyr_call_text(lib.c.get_fields)
	if published == nil {
		return fmt.Errorf("error in plugin %s: get_fields returned a null string", info.Name)
	}
	if info.Fields, err = host.ParseFields(info.Name, []byte(goText(published, maxList))); err != nil {
		return err
	}
	info.ExtractSources, err = lib.sources(info, "get_extract_event_sources", lib.c.get_extract_event_sources)
	return err
}

// describeRest reads the lists of the other capabilities and the configuration schema.
func (lib *library) describeRest(info *host.Info) (err error) {
	if info.Caps.Has(host.Parsing) {
		if info.ParseSources, err = lib.sources(info, "get_parse_event_sources", lib.c.get_parse_event_sources); err != nil {
			return err
		}
	}
	if info.Caps.Has(host.Async) {
		if info.AsyncSources, err = lib.sources(info, "get_async_event_sources", lib.c.get_async_event_sources); err != nil {
			return err
		}
		if info.AsyncEvents, err = host.ParseAsyncEvents(info.Name, []byte(lib.text(lib.c.get_async_events, maxList))); err != nil {
			return err
		}
	}
	var kind C.int32_t
	schema := goText(C.gyr_call_schema(lib.c.get_init_schema, &kind), maxList)
	ok, err := host.CheckSchemaType(info.Name, schema, int32(kind))
	if ok {
		info.Schema = schema
	}
	return err
}

// sources reads a list of event sources.
func (lib *library) sources(info *host.Info, name string, f C.gyr_text_fn) ([]string, error) {
	return host.ParseSources(info.Name, name, []byte(lib.text(f, maxList)), info.Source)
}
