// SPDX-License-Identifier: Apache-2.0

// Package mask takes secrets out of texts before somebody reads them: log lines, errors,
// what a bug report contains. It errs on the side of taking out too much.
//
// Masking what is masked already changes nothing.
package mask

import (
	"regexp"
	"strings"
)

// Hidden stands for what was taken out.
const Hidden = "***"

// secretWord is what names of secrets contain.
const secretWord = `pass(?:wd|word|phrase)|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|authorization`

var (
	secretName = regexp.MustCompile(`(?i)` + secretWord)
	// credentials are a scheme of HTTP authentication and what follows it.
	credentials = regexp.MustCompile(`(?i)\b(bearer|basic)(\s+)[^\s"',;]+`)
	// assignment is the name of a secret, what separates it from its value, the value.
	assignment = regexp.MustCompile(`(?i)((?:` + secretWord + `)[\w-]*["']?(?:\s*[:=]\s*|\s+))("[^"]*"?|'[^']*'?|[^\s"',;&}\]]+)`)
	// address is a URL: its scheme, and the rest.
	address = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://)([^\s"'<>|]+)`)
)

// Name reports whether a key, a parameter or a flag is named as secrets are.
func Name(key string) bool { return secretName.MatchString(key) }

// Value returns what may be shown of the value of a key: nothing of a secret, and of
// others what [Text] leaves.
func Value(key, value string) string {
	if value != "" && Name(key) {
		return Hidden
	}
	return Text(value)
}

// Text returns a text without its secrets: user names, passwords, paths and parameters of
// URLs; the values of what is named as secrets are ("token=x", "password: x"); credentials
// of HTTP headers.
func Text(s string) string {
	if !strings.ContainsAny(s, " \t\n:=") {
		return s
	}
	s = address.ReplaceAllStringFunc(s, URL)
	s = credentials.ReplaceAllString(s, "$1$2"+Hidden)
	return assignment.ReplaceAllString(s, "$1"+Hidden)
}

// URL returns the scheme and the host of a URL. The rest, which may be a secret as a whole
// with services like Slack, is "...". A text without a host is returned as it is.
func URL(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, path := rest[:end], rest[end:]
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	if host == "" && path == rest {
		return url // file:///path
	}
	if path != "" && path != "/" {
		path = "/..."
	}
	return scheme + "://" + host + path
}
