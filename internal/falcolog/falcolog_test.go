// SPDX-License-Identifier: Apache-2.0

package falcolog

import (
	"bytes"
	"io"
	"log/slog"
	"testing"
	"time"
)

func TestLines(t *testing.T) {
	f := func(o Options, log func(*slog.Logger), want string) {
		t.Helper()
		var b bytes.Buffer
		l := New(&b, o)
		l.Handler().(*logHandler).out.now = func() time.Time { return time.Date(2026, 11, 2, 3, 4, 5, 6, time.UTC) }
		log(l)
		if b.String() != want {
			t.Errorf("log has %q, want %q", b.String(), want)
		}
	}
	f(Options{}, func(l *slog.Logger) { l.Info("hello\n") }, "Mon Nov 02 03:04:05 2026: hello\n")
	f(Options{}, func(l *slog.Logger) { l.Debug("hello") }, "")
	f(Options{Min: Level("debug")}, func(l *slog.Logger) { l.Debug("hello") }, "Mon Nov 02 03:04:05 2026: hello\n")
	f(Options{}, func(l *slog.Logger) { l.With("a", 1).WithGroup("g").Error("x", "b", "two words") }, "Mon Nov 02 03:04:05 2026: x a=1 g.b=\"two words\"\n")
	f(Options{}, func(l *slog.Logger) {
		Plugins(l, slog.LevelWarn).Warn("plugin says")
		Plugins(l, slog.LevelWarn).Info("nothing")
	}, "Mon Nov 02 03:04:05 2026: [libs]: plugin says\n")
	f(Options{}, func(l *slog.Logger) {
		child := l.With("a", 1)
		SetLevel(l, slog.LevelError)
		child.Warn("nothing")
		SetLevel(l, slog.LevelDebug)
		child.Debug("hello")
	}, "Mon Nov 02 03:04:05 2026: hello a=1\n")
	f(Options{}, func(l *slog.Logger) { l.Info("\x1b[2Jcleared", "file", "a\x1b]0;x\a.json") },
		"Mon Nov 02 03:04:05 2026: \\x1b[2Jcleared file=\"a\\x1b]0;x\\a.json\"\n")
	f(Options{ISO8601: true}, func(l *slog.Logger) { l.Info("hello") }, "2026-11-02T03:04:05+0000: hello\n")
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain é 世 🙂\n\ttext": "plain é 世 🙂\n\ttext", "a\x1b[31mb": `a\x1b[31mb`, "\x00\x7f\r\b": `\x00\x7f\x0d\x08`,
		"\u009b2J": `\u009b2J`, "\x9b2J": `\x9b2J`, "caf\xe9": `caf\xe9`, "\u202Egpj.\u2066": `\u202egpj.\u2066`, "\uFFFD": "\uFFFD",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestNowhere: without a writer nothing is written, and nothing fails.
func TestNowhere(t *testing.T) {
	New(nil, Options{}).Error("hello")
	other := slog.New(slog.NewTextHandler(io.Discard, nil))
	if Plugins(other, slog.LevelInfo) != other {
		t.Error("the logger of plugins is not the one that was given")
	}
}
