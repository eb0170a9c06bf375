// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// selectSources drops the event sources that the flags disable. It means nothing for a
// replay. The source syscall may be named; it never has events.
func selectSources(a *app) error {
	if a.replaying() {
		return nil
	}
	names := []string{syscallSource}
	for _, s := range a.sources {
		names = append(names, s.name)
	}
	a.loadedSources = names
	enabled, err := selected(names, a.opts.enable, a.opts.disable)
	if err != nil {
		return err
	}
	a.enabledSources = enabled
	return nil
}

// selected applies --enable-source or --disable-source to the known event sources.
func selected(known, enable, disable []string) ([]string, error) {
	if len(enable) > 0 && len(disable) > 0 {
		return nil, errors.New("You can not mix --enable-source and --disable-source")
	}
	for _, s := range enable {
		if !slices.Contains(known, s) {
			return nil, fmt.Errorf("Attempted enabling an unknown event source: %s", s)
		}
	}
	for _, s := range disable {
		if !slices.Contains(known, s) {
			return nil, fmt.Errorf("Attempted disabling an unknown event source: %s", s)
		}
	}
	var out []string
	for _, s := range known {
		if len(enable) > 0 && !slices.Contains(enable, s) || slices.Contains(disable, s) {
			continue
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, errors.New("Must enable at least one event source")
	}
	return out, nil
}

// logSources tells which event sources there are. Only those with events count as
// enabled.
func (a *app) logSources() {
	a.log.Info("Loaded event sources: " + strings.Join(a.loadedSources, ", "))
	var live []string
	for _, s := range a.enabledSources {
		if s != syscallSource {
			live = append(live, s)
		}
	}
	slices.Sort(live)
	a.log.Info("Enabled event sources: " + strings.Join(live, ", "))
}
