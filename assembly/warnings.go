// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/internal/screen"
	"github.com/gyr-dev/gyr/rules"
)

// LogWarnings logs the warnings of rules files without errors, in one message with a headline
// per file. Several rules of an event source that nobody provides make one line instead, and
// macros and lists that only those rules may use are not mentioned. For each such source there
// is what to load.
func LogWarnings(log *slog.Logger, report *rules.Report) {
	var text strings.Builder
	rest := &rules.Report{}
	var skipped []string
	for _, f := range report.Files {
		left, lines := withoutSkipped(f)
		skipped = append(skipped, lines...)
		rest.Files = append(rest.Files, left)
		if left.HasWarnings() {
			text.WriteString(f.Name + ": Ok, with warnings\n")
		}
	}
	if warnings := rest.Warnings(); warnings != "" {
		log.Warn(text.String() + warnings)
	}
	for _, line := range skipped {
		log.Warn(line)
	}
}

// withoutSkipped returns the result of a file without warnings of rules whose event source is
// not there, and lines about these.
func withoutSkipped(f *rules.Result) (left *rules.Result, lines []string) {
	skipped := map[string]int{}
	for _, w := range f.Warnings {
		if source, ok := unknownSource(&w); ok {
			skipped[source]++
		}
	}
	rest := *f
	rest.Warnings = slices.DeleteFunc(slices.Clone(f.Warnings), func(w rules.Issue) bool {
		source, ok := unknownSource(&w)
		return ok && skipped[source] > 1 || len(skipped) > 0 && (w.Code == rules.WarnUnusedMacro || w.Code == rules.WarnUnusedList)
	})
	for _, s := range slices.Sorted(maps.Keys(skipped)) {
		advice := HowToLoad()
		if p := pluginOf(s); p != "" {
			advice = "It is the event source of the plugin " + p + ". " + HowToLoad(p)
		}
		lines = append(lines, fmt.Sprintf("%s: %s skipped: no loaded plugin provides the event source %s. %s", f.Name, screen.Plural(uint64(skipped[s]), "rule"), s, advice))
	}
	return &rest, lines
}

// unknownSource returns the event source that a warning says is unknown.
func unknownSource(w *rules.Issue) (string, bool) {
	if w.Code != rules.WarnUnknownSource {
		return "", false
	}
	s, _ := strings.CutPrefix(w.Message, "Unknown source ")
	return strings.TrimSuffix(s, ", skipping"), true
}
