// SPDX-License-Identifier: Apache-2.0

// Package mask removes secrets from texts that people read: log lines, errors and bug reports.
// When in doubt it removes too much.
//
// Masking is idempotent.
package mask

import (
	"regexp"
	"strings"
)

// Hidden replaces removed text.
const Hidden = "***"

// secretWord matches the words that names of secrets contain.
const secretWord = `pass(?:wd|word|phrase)|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|authorization`

var (
	secretName = regexp.MustCompile(`(?i)` + secretWord)
	// credentials matches an HTTP authentication scheme and the credentials after it.
	credentials = regexp.MustCompile(`(?i)\b(bearer|basic)(\s+)[^\s"',;]+`)
	// assignment matches the name of a secret, a separator and the value.
	assignment = regexp.MustCompile(`(?i)((?:` + secretWord + `)[\w-]*["']?(?:\s*[:=]\s*|\s+))("[^"]*"?|'[^']*'?|[^\s"',;&}\]]+)`)
	// address matches a URL: the scheme, then the rest.
	address = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://)([^\s"'<>|]+)`)
)

// Name reports whether a key, parameter or flag has a name that indicates a secret.
func Name(key string) bool { return secretName.MatchString(key) }

// Value masks the value of a key: completely if the key names a secret, else like [Text].
func Value(key, value string) string {
	if value != "" && Name(key) {
		return Hidden
	}
	return Text(value)
}

// Text removes secrets from a text: user names, passwords, paths and parameters of URLs;
// values with names of secrets ("token=x", "password: x"); credentials in HTTP headers.
func Text(s string) string {
	if !strings.ContainsAny(s, " \t\n:=") {
		return s
	}
	s = address.ReplaceAllStringFunc(s, URL)
	s = credentials.ReplaceAllString(s, "$1$2"+Hidden)
	return assignment.ReplaceAllString(s, "$1"+Hidden)
}

// URL returns the scheme and the host of a URL. The rest, which some services such as Slack
// use as a secret, is replaced by "...". A text without a host is returned unchanged.
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
