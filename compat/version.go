// SPDX-License-Identifier: Apache-2.0

// Package compat defines the versions of Falco that gyr can be compatible with.
//
// Rules, conditions, output templates and the alert encoder each hold a [Version]. There is no
// global version, so programs of different versions can run side by side.
package compat

import "fmt"

// Version is a version of Falco. The zero value is the newest version, the default.
type Version uint8

// The versions, newest first.
const (
	V045 Version = iota // engine 0.63.0
	V044                // engine 0.62.0
)

// details holds the version numbers that tools read. gyr has no driver; the driver versions are
// those that Falco prints without a driver.
var details = [...]struct{ name, falco, libs, engine string }{
	V045: {"0.45", "0.45.0", "0.26.0", "0.63.0"},
	V044: {"0.44", "0.44.1", "0.25.4", "0.62.0"},
}

// Parse parses a value of falco_compatibility.
func Parse(s string) (Version, error) {
	for v := range details {
		if details[v].name == s {
			return Version(v), nil
		}
	}
	return 0, fmt.Errorf(`unknown version %q: use "0.45" or "0.44"`, s)
}

// String returns the version as written in the configuration.
func (v Version) String() string { return details[v].name }

// Falco returns the release of Falco, such as 0.45.0.
func (v Version) Falco() string { return details[v].falco }

// Libs returns the release of Falco's libraries.
func (v Version) Libs() string { return details[v].libs }

// Engine returns the version of the rules engine, which is compared with
// required_engine_version.
func (v Version) Engine() string { return details[v].engine }

// HexEscapes reports whether \xHH in quotes is a byte, and a value with a NUL is an error.
func (v Version) HexEscapes() bool { return v < V044 }

// RegexRepairs reports whether regex replaces invalid UTF-8 by U+FFFD. Otherwise regex never
// matches such a text.
func (v Version) RegexRepairs() bool { return v < V044 }

// HidesControls reports whether outputs replace unprintable characters of evt.plugininfo by
// U+FFFD.
func (v Version) HidesControls() bool { return v >= V044 }

// DecidesNumbers reports whether comparisons of evt.num with a constant result are recognized
// when the event types that a rule can match are determined.
func (v Version) DecidesNumbers() bool { return v < V044 }

// EscapesLines reports whether the text of an alert is escaped like a JSON string.
func (v Version) EscapesLines() bool { return v < V044 }
