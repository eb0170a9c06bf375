// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"

	"github.com/gyr-dev/gyr/internal/mask"
)

// MaskArgs returns command-line arguments without secrets, for the log or a bug report.
func MaskArgs(args []string) []string {
	out := make([]string, len(args))
	option := false // the previous argument was -o
	for i, a := range args {
		name, value, joined := strings.Cut(a, "=")
		switch {
		case option:
			out[i] = MaskOption(a)
		case joined && name == "--option":
			out[i] = name + "=" + MaskOption(value)
		case strings.HasPrefix(a, "-o") && len(a) > 2:
			out[i] = "-o" + MaskOption(strings.TrimPrefix(a[2:], "="))
		case joined && strings.HasPrefix(a, "-"):
			out[i] = name + "=" + mask.Value(name, value)
		default:
			out[i] = mask.Text(a)
		}
		option = a == "-o" || a == "--option"
	}
	return out
}

// MaskOption returns a "key=value" of the command line without secrets.
func MaskOption(opt string) string {
	key, val, ok := strings.Cut(opt, "=")
	root := &node{}
	if _, err := root.setOption(opt); !ok || err != nil {
		return mask.Text(opt)
	}
	steps, err := parseKey(key)
	if err != nil {
		return mask.Text(opt)
	}
	n, path := root, ""
	for _, s := range steps {
		if s.isIdx {
			n = n.kids[len(n.kids)-1]
			continue
		}
		n, path = n.get(s.name), join(path, s.name)
	}
	if n.kind == kindScalar {
		return key + "=" + n.open(path)
	}
	var b strings.Builder
	if n.dump(&b, path); n.kind == kindNull {
		return key + "=" + val
	}
	return key + "=" + b.String()
}

// open returns the part of a scalar that may be shown. path is its key, without indices.
func (n *node) open(path string) string {
	switch {
	case n.value == "":
		return n.raw
	case hidden(path):
		return mask.Hidden
	case path == "program_output.program":
		return firstWord(n.shown())
	}
	return n.shown()
}

// hidden reports whether a value must not be shown at all: plugin configurations, whose secrets
// can have any name, and keys with names of secrets.
func hidden(path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		if name == "init_config" || mask.Name(name) {
			return true
		}
	}
	return false
}

// firstWord returns a shell command without its arguments and variables.
func firstWord(command string) string {
	words := strings.Fields(command)
	switch {
	case len(words) == 0:
		return ""
	case strings.Contains(words[0], "="):
		return mask.Hidden
	case len(words) == 1:
		return words[0]
	}
	return words[0] + " " + mask.Hidden
}
