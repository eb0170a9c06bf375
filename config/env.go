// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxExpansions limits the expansion of variables that refer to themselves.
const maxExpansions = 1000

// filePrefix marks a file in place of a variable: ${file:/run/secrets/x}.
const filePrefix = "file:"

// expandEnv is expand without files.
func expandEnv(s string, getenv func(string) (string, bool)) string {
	s, _ = expand(s, getenv, func(string) (string, error) { return "", nil }) // no file, no error
	return s
}

// expand replaces ${NAME} by the variable's value, which is expanded again; ${file:PATH} by the
// content of the file, which is not; and $${NAME} by the text ${NAME}. As in Falco, a $ that
// starts none of these forms, or a missing closing brace, ends the expansion of the value.
func expand(s string, getenv func(string) (string, bool), file func(string) (string, error)) (string, error) {
	at := strings.IndexByte(s, '$')
	for n := 0; at >= 0 && n < maxExpansions; n++ {
		rest := s[at:]
		end := strings.IndexByte(rest, '}')
		switch {
		case end < 0:
			return s, nil
		case strings.HasPrefix(rest, "${"+filePrefix):
			v, err := file(rest[len("${"+filePrefix):end])
			if err != nil {
				return "", fmt.Errorf("%s: %w", rest[:end+1], err)
			}
			s = s[:at] + v + rest[end+1:]
			at += len(v)
		case strings.HasPrefix(rest, "${"):
			v, _ := getenv(rest[2:end])
			s = s[:at] + v + rest[end+1:]
		case strings.HasPrefix(rest, "$${"):
			s = s[:at] + rest[1:]
			at++
		default:
			return s, nil
		}
		next := strings.IndexByte(s[at:], '$')
		if next < 0 {
			return s, nil
		}
		at += next
	}
	return s, nil
}

// maxSecret is the maximum size of a file whose content is a value.
const maxSecret = 1 << 20

// readSecret returns the content of a file without the final newline. Errors do not include the
// path, since the message already does.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", cause(err)
	}
	if !info.Mode().IsRegular() { // a FIFO would block
		return "", errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return "", cause(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return "", cause(err)
	}
	if len(text) > maxSecret {
		return "", errors.New("larger than 1 MiB")
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
}
