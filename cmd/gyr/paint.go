// SPDX-License-Identifier: Apache-2.0

package main

import (
	"log/slog"
	"regexp"

	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/internal/screen"
)

// This file says what is coloured on a terminal.

// paintLine colours a line of the log.
func (a *app) paintLine(level slog.Level, text string) string {
	switch {
	case level >= slog.LevelError:
		return a.paint.Text(screen.Red, text)
	case level >= slog.LevelWarn:
		return a.paint.Text(screen.Yellow, text)
	}
	return text
}

// paintPriority colours a text about alerts of a priority.
func (a *app) paintPriority(p alert.Priority, text string) string {
	switch {
	case p <= alert.Error:
		return a.paint.Text(screen.Red, text)
	case p == alert.Warning:
		return a.paint.Text(screen.Yellow, text)
	}
	return text
}

// issueLine begins an error or a warning about a rules file: its place, and what it is.
var issueLine = regexp.MustCompile(`(?m)^(\S+:\d+:\d+: )(error|warning)(: )`)

// paintIssues colours what an error of several lines says about rules files.
func (a *app) paintIssues(text string) string {
	if !a.paint {
		return text
	}
	return issueLine.ReplaceAllStringFunc(text, func(s string) string {
		m := issueLine.FindStringSubmatch(s)
		c := screen.Red
		if m[2] == "warning" {
			c = screen.Yellow
		}
		return a.paint.Text(screen.Bold, m[1]) + a.paint.Text(c, m[2]) + m[3]
	})
}
