// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/internal/screen"
	"github.com/gyr-dev/gyr/rules"
)

// LogWarnings logs the warnings of a rules file in Falco's form, except that rules of an
// event source that nobody provides make one line per source, with what to load, and that
// macros and lists which only those rules may have used are not mentioned.
func LogWarnings(log *slog.Logger, f *rules.Result) {
	var sources []string
	skipped := map[string]int{}
	rest := *f
	rest.Warnings = nil
	for _, w := range f.Warnings {
		source, ok := unknownSource(&w)
		if !ok {
			rest.Warnings = append(rest.Warnings, w)
			continue
		}
		if skipped[source] == 0 {
			sources = append(sources, source)
		}
		skipped[source]++
	}
	if len(sources) > 0 {
		rest.Warnings = slices.DeleteFunc(rest.Warnings, func(w rules.Issue) bool {
			return w.Code == rules.WarnUnusedMacro || w.Code == rules.WarnUnusedList
		})
	}
	for _, s := range sources {
		advice := HowToLoad()
		if p := pluginOf(s); p != "" {
			advice = "It is the event source of the plugin " + p + ". " + HowToLoad(p)
		}
		log.Warn(fmt.Sprintf("%s: %s skipped: no loaded plugin provides the event source %s. %s", f.Name, screen.Plural(uint64(skipped[s]), "rule"), s, advice))
	}
	if rest.HasWarnings() || len(sources) == 0 {
		log.Warn(rest.Text())
	}
}

// unknownSource returns the event source that a warning says is unknown.
func unknownSource(w *rules.Issue) (string, bool) {
	if w.Code != rules.WarnUnknownSource {
		return "", false
	}
	s, _ := strings.CutPrefix(w.Message, "Unknown source ")
	return strings.TrimSuffix(s, ", skipping"), true
}
