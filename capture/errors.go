// SPDX-License-Identifier: Apache-2.0

package capture

import "fmt"

// FormatError reports that a file is not a valid capture, and where.
type FormatError struct {
	// File is the name given to the reader.
	File string
	// Offset is the position of the faulty block, in bytes of uncompressed data.
	Offset int64
	// Packed is true if the file is compressed; Offset is then no offset of the file itself.
	Packed bool
	// Reason is the cause, without file and offset.
	Reason string
	err    error
}

func (e *FormatError) Error() string {
	if e.Packed {
		return fmt.Sprintf("%s: offset %d (uncompressed): %s", e.File, e.Offset, e.Reason)
	}
	return fmt.Sprintf("%s: offset %d: %s", e.File, e.Offset, e.Reason)
}

// Unwrap returns the error of the file system or of gzip, if that is the cause.
func (e *FormatError) Unwrap() error { return e.err }

// Tail describes a truncated file: its writer was killed or is still writing. All events
// before Offset are complete and were read.
type Tail struct {
	// File is the name given to the reader.
	File string
	// Offset is the end of the last complete block, in bytes of uncompressed data.
	Offset int64
	// Rest is the number of bytes after Offset, which do not form a complete block.
	Rest int64
	// Reason tells what is missing.
	Reason string
}

func (t *Tail) String() string {
	return fmt.Sprintf("%s: offset %d: %s; all events before it were read", t.File, t.Offset, t.Reason)
}

// UnknownPluginError reports an event of a plugin that ReaderOptions.Sources does not know.
type UnknownPluginError struct {
	File   string
	Offset int64
	// ID is the plugin ID of the event.
	ID uint32
	// Origin is the file's own record of the plugin; nil for files of other programs.
	Origin *Plugin
}

func (e *UnknownPluginError) Error() string {
	s := fmt.Sprintf("%s: offset %d: Unknown event source for inspector's event (plugin ID: %d): no loaded plugin has this ID", e.File, e.Offset, e.ID)
	name := ""
	if e.Origin != nil {
		name = e.Origin.Name
		s += fmt.Sprintf("; the file was recorded with plugin %s %s (source %s)", name, e.Origin.Version, e.Origin.Source)
	} else if r, ok := registered(e.ID); ok {
		name = r.name
		s += fmt.Sprintf("; in the plugin registry, ID %d belongs to %s (source %s)", e.ID, name, r.source)
	} else {
		s += fmt.Sprintf("; the plugin registry has no plugin with ID %d", e.ID)
	}
	if name != "" {
		s += fmt.Sprintf("; to load it, add `- name: %s` with its library_path to plugins in falco.yaml, and its name to load_plugins", name)
	}
	return s
}
