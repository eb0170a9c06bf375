// SPDX-License-Identifier: Apache-2.0

package output

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/internal/mask"
)

// longestWait is the longest pause that a server may ask for.
const longestWait = 5 * time.Minute

// maxRedirects is how many redirects are followed for one alert.
const maxRedirects = 10

// answer returns what a server's answer means for the alert: nil, if it was accepted.
func answer(resp *http.Response, now time.Time) error {
	status := resp.StatusCode
	switch {
	case status < 300:
		return nil
	case status < 400:
		return redirectError(resp)
	}
	err := fmt.Errorf("the server answered %s", resp.Status)
	if status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests {
		return &Refused{err, aboutSetup(status)}
	}
	if after, ok := retryAfter(resp.Header.Get("Retry-After"), now); ok {
		return &Busy{err, after}
	}
	return err
}

// aboutSetup reports whether a status says nothing about the alert.
func aboutSetup(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusProxyAuthRequired:
		return true
	}
	return false
}

// redirectError says where a redirect leads that was not followed.
func redirectError(resp *http.Response) error {
	to := resp.Header.Get("Location")
	if u, err := resp.Location(); err == nil {
		to = mask.URL(u.String()) // without its path, which may be a secret
	}
	if to == "" {
		return fmt.Errorf("the server answered %s", resp.Status)
	}
	return fmt.Errorf("the server answered %s and redirects to %s, which is not followed: set http_output.url to where alerts are taken", resp.Status, to)
}

// retryAfter reads the header of that name: seconds, or a time.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if value == "" {
		return 0, false
	}
	if s, err := strconv.ParseUint(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(s, uint64(longestWait/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(at.Sub(now), 0), longestWait), true
}

// checkRedirect has only those redirects followed that repeat the request as it is (307
// and 308), to the same server, and never from https to http.
func checkRedirect(req *http.Request, via []*http.Request) error {
	status := req.Response.StatusCode
	repeats := status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect
	if !repeats || len(via) > maxRedirects || !sameServer(via[len(via)-1].URL, req.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// sameServer reports whether two URLs name the same host and port. From the usual port of
// http to the usual one of https is the same server, too.
func sameServer(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) || from.Scheme == "https" && to.Scheme != "https" {
		return false
	}
	usual := func(u *url.URL) bool { return u.Port() == "" || u.Port() == defaultPorts[u.Scheme] }
	if usual(from) && usual(to) {
		return true
	}
	return from.Scheme == to.Scheme && from.Port() == to.Port()
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}
