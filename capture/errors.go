// SPDX-License-Identifier: Apache-2.0

package capture

import "fmt"

// FormatError says that a file is not a valid capture, and where.
type FormatError struct {
	// File is the name that the reader was given.
	File string
	// Offset is the position of the block at fault, in bytes of the unpacked data.
	Offset int64
	// Packed says that the file is gzip, so that Offset is not one of the file itself.
	Packed bool
	// Reason is the cause, without file and offset.
	Reason string
	err    error
}

func (e *FormatError) Error() string {
	if e.Packed {
		return fmt.Sprintf("%s: offset %d (unpacked): %s", e.File, e.Offset, e.Reason)
	}
	return fmt.Sprintf("%s: offset %d: %s", e.File, e.Offset, e.Reason)
}

// Unwrap returns the error of the file system or of the decompressor, if that is the cause.
func (e *FormatError) Unwrap() error { return e.err }

// Tail says how a file ends too early: its writer was killed, or still writes. All
// events before Offset are whole and were read.
type Tail struct {
	// File is the name that the reader was given.
	File string
	// Offset is where the last whole block ends, in bytes of the unpacked data.
	Offset int64
	// Rest is the number of bytes after Offset that belong to no whole block.
	Rest int64
	// Reason says what is missing.
	Reason string
}

func (t *Tail) String() string {
	return fmt.Sprintf("%s: offset %d: %s; everything before it was read", t.File, t.Offset, t.Reason)
}

// UnknownPluginError says that an event in a capture belongs to a plugin that the
// resolver of the reader does not know.
type UnknownPluginError struct {
	File   string
	Offset int64
	// ID is the plugin id of the event.
	ID uint32
	// Origin is what the file itself says of the plugin; nil for files of other programs.
	Origin *Plugin
}

func (e *UnknownPluginError) Error() string {
	s := fmt.Sprintf("%s: offset %d: Unknown event source for inspector's event (plugin ID: %d): no loaded plugin has this id", e.File, e.Offset, e.ID)
	name := ""
	if e.Origin != nil {
		name = e.Origin.Name
		s += fmt.Sprintf("; the file was recorded with plugin %s %s (source %s)", name, e.Origin.Version, e.Origin.Source)
	} else if r, ok := registered(e.ID); ok {
		name = r.name
		s += fmt.Sprintf("; the plugin registry gives id %d to %s (source %s)", e.ID, name, r.source)
	} else {
		s += fmt.Sprintf("; the plugin registry has no plugin with id %d", e.ID)
	}
	if name != "" {
		s += fmt.Sprintf("; load it with an entry `- name: %s` and its library_path under plugins, and its name in load_plugins, in falco.yaml", name)
	}
	return s
}
