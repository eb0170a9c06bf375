// SPDX-License-Identifier: Apache-2.0

package httpjson

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// verifier reports whether a post comes from who knows the secret. It gets the body as it
// was sent, before it is unpacked. All comparisons take the same time whatever differs.
type verifier func(h http.Header, body []byte) bool

// replayWindow is how old a post of Slack may be: an older one may be a copy.
const replayWindow = 5 * time.Minute

// newVerifier returns the verifier of a route; nil if it needs none.
func newVerifier(a auth) (verifier, error) {
	secret := []byte(a.Secret)
	switch a.Type {
	case "":
		return nil, nil
	case "bearer":
		want := []byte("Bearer " + a.Secret)
		return func(h http.Header, _ []byte) bool {
			return subtle.ConstantTimeCompare([]byte(h.Get("Authorization")), want) == 1
		}, nil
	case "github":
		return signed("X-Hub-Signature-256", secret), nil
	case "hmac":
		if a.Header == "" {
			return nil, errors.New("auth of type hmac needs a header")
		}
		return signed(a.Header, secret), nil
	case "slack":
		return slack(secret, time.Now), nil
	}
	return nil, fmt.Errorf("auth has the unknown type %q: use github, slack, hmac or bearer", a.Type)
}

// signed wants the HMAC of the body in a header.
func signed(header string, secret []byte) verifier {
	return func(h http.Header, body []byte) bool {
		return same(strings.TrimPrefix(h.Get(header), "sha256="), secret, body)
	}
}

// slack wants the HMAC of a time, which must not be far off, and the body.
func slack(secret []byte, now func() time.Time) verifier {
	return func(h http.Header, body []byte) bool {
		stamp := h.Get("X-Slack-Request-Timestamp")
		sec, err := strconv.ParseInt(stamp, 10, 64)
		if err != nil || now().Sub(time.Unix(sec, 0)).Abs() > replayWindow {
			return false
		}
		return same(strings.TrimPrefix(h.Get("X-Slack-Signature"), "v0="), secret, []byte("v0:"+stamp+":"), body)
	}
}

// same reports whether text is the hexadecimal HMAC-SHA256 of the parts.
func same(text string, secret []byte, parts ...[]byte) bool {
	got, err := hex.DecodeString(text)
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	for _, p := range parts {
		mac.Write(p)
	}
	return hmac.Equal(got, mac.Sum(nil))
}
