// SPDX-License-Identifier: Apache-2.0

// Package compat names the versions of Falco that gyr can behave as.
//
// What depends on the version asks for it where it is compiled: rules, conditions, outputs
// and the encoder of alerts each hold a [Version]. There is no global, so that programs of
// different versions can run side by side.
package compat

import "fmt"

// Version is a version of Falco. The zero value is the newest, which is the default.
type Version uint8

// The versions, newest first.
const (
	V045 Version = iota // engine 0.63.0
	V044                // engine 0.62.0
)

// details are what tools read of a version. gyr has no driver; the interfaces of drivers
// are those that Falco prints without one.
var details = [...]struct{ name, falco, libs, engine string }{
	V045: {"0.45", "0.45.0", "0.26.0", "0.63.0"},
	V044: {"0.44", "0.44.1", "0.25.4", "0.62.0"},
}

// Parse reads a value of the configuration's falco_compatibility.
func Parse(s string) (Version, error) {
	for v := range details {
		if details[v].name == s {
			return Version(v), nil
		}
	}
	return 0, fmt.Errorf(`unknown version %q: use "0.45" or "0.44"`, s)
}

// String returns the version as the configuration writes it.
func (v Version) String() string { return details[v].name }

// Falco returns the release of Falco, such as 0.45.0.
func (v Version) Falco() string { return details[v].falco }

// Libs returns the release of Falco's libraries.
func (v Version) Libs() string { return details[v].libs }

// Engine returns the version of the rules engine, which required_engine_version is compared with.
func (v Version) Engine() string { return details[v].engine }

// HexEscapes reports whether \xHH in quotes is a byte, and a value with a NUL an error.
func (v Version) HexEscapes() bool { return v < V044 }

// RegexRepairs reports whether regex sees U+FFFD in the place of what is not UTF-8; else it is
// false on such a text.
func (v Version) RegexRepairs() bool { return v < V044 }

// HidesControls reports whether outputs show U+FFFD for what cannot be printed of
// evt.plugininfo.
func (v Version) HidesControls() bool { return v >= V044 }

// DecidesNumbers reports whether checks of evt.num that are always true or never count as such
// where the types of events are searched that a rule can match.
func (v Version) DecidesNumbers() bool { return v < V044 }

// EscapesLines reports whether the text of an alert is escaped like a string of JSON.
func (v Version) EscapesLines() bool { return v < V044 }
