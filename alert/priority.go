// SPDX-License-Identifier: Apache-2.0

package alert

import "strings"

// Priority says how severe a match is: the smaller, the more severe. The numbers are
// those of syslog.
type Priority uint8

// The priorities.
const (
	Emergency Priority = iota
	Alarm              // "Alert"
	Critical
	Error
	Warning
	Notice
	Informational
	Debug
)

var priorityNames = [...]string{
	Emergency: "Emergency", Alarm: "Alert", Critical: "Critical", Error: "Error",
	Warning: "Warning", Notice: "Notice", Informational: "Informational", Debug: "Debug",
}

// ParsePriority reads a priority's name in any case; "Info" is another name of
// [Informational]. ok is false for an unknown name.
func ParsePriority(s string) (p Priority, ok bool) {
	for p, name := range priorityNames {
		if strings.EqualFold(s, name) {
			return Priority(p), true
		}
	}
	return Informational, strings.EqualFold(s, "info")
}

// String gives the name as alerts show it: "Informational".
func (p Priority) String() string {
	if int(p) < len(priorityNames) {
		return priorityNames[p]
	}
	return "Unknown"
}

// Short gives the name as descriptions of rules show it: "Info".
func (p Priority) Short() string {
	if p == Informational {
		return "Info"
	}
	return p.String()
}
