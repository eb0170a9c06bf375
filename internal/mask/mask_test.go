// SPDX-License-Identifier: Apache-2.0

package mask

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
	f("", "")
	f("/var/log/events.txt", "/var/log/events.txt")
	f("https://hooks.slack.com/services/T0/B0/XYZ", "https://hooks.slack.com/...")
	f("https://user:pw@host:8443", "https://host:8443")
	f("https://user:p@w@host/", "https://host/")
	f("http://host?key=1", "http://host/...")
	f("https://user@", "https://")
	f("see https://h/secret, and http://u:p@i/x.", "see https://h/... and http://i/...")
	f("s3://bucket/prefix", "s3://bucket/...")
	f("HTTPS://H/x", "HTTPS://H/...")
	f("file:///etc/falco.yaml", "file:///etc/falco.yaml")
	f("http://:9765/k8s-audit", "http://:9765/...")
	f("password=hunter2", "password=***")
	f("db_password: 'hunter 2', user: x", "db_password: ***, user: x")
	f(`{"token":"abc","n":1}`, `{"token":***,"n":1}`)
	f(`{"client_secret_text": "abc`, `{"client_secret_text": ***`)
	f("AWS_SECRET_ACCESS_KEY=abc/def aws s3", "AWS_SECRET_ACCESS_KEY=*** aws s3")
	f("curl -H 'Authorization: Bearer abc.def' x", "curl -H 'Authorization: *** ***' x")
	f("Basic dXNlcjpwdw==", "Basic ***")
	f("tool --api-key abc --retries 3", "tool --api-key *** --retries 3")
	f("a normal sentence: nothing to hide", "a normal sentence: nothing to hide")
}

func TestValue(t *testing.T) {
	f := func(key, in, want string) {
		t.Helper()
		if got := Value(key, in); got != want {
			t.Errorf("Value(%q, %q) = %q, want %q", key, in, got, want)
		}
	}
	f("slack_token", "abc", "***")
	f("Password", "", "")
	f("filename", "events.txt", "events.txt")
	f("url", "http://h/x", "http://h/...")
}

// FuzzText: masking twice is masking once, and nothing of a URL's path, user or password
// is left, nor of a value that is named as a secret.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "password=1", "http://a:b@c/d", "token: \"x", "Bearer y", "a://b//c://d", "pwd pwd=x"} {
		f.Add(s)
	}
	const secret = "Zq7xSECRETx7qZ" // lower case letters would be found in other places
	f.Fuzz(func(t *testing.T, s string) {
		if once := Text(s); Text(once) != once {
			t.Errorf("Text(%q) = %q, and of that %q", s, once, Text(once))
		}
		if strings.Contains(s, secret) {
			return
		}
		for _, text := range []string{
			s + " https://hooks.example.com/" + secret,
			s + " https://u:" + secret + "@example.com",
			s + " password=" + secret,
			s + "\nAuthorization: Bearer " + secret,
		} {
			if got := Text(text); strings.Contains(got, secret) {
				t.Errorf("Text(%q) = %q shows the secret", text, got)
			}
		}
	})
}
