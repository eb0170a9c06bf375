// SPDX-License-Identifier: Apache-2.0

package httpjson

import (
	"fmt"
	"net/http"

	"github.com/gyr-dev/gyr/internal/jsonscan"
)

// routes are the paths that take posts.
type routes map[string]*target

// target is what a path does with a post.
type target struct {
	verify verifier      // nil lets everybody in
	header bool          // verify needs no body
	set    *jsonscan.Set // finds what an event is
	slots  slots
}

// routes returns the configured routes or, without any, one for the path of open_params.
func (s *settings) routes(path string) (routes, error) {
	list := s.Routes
	if len(list) == 0 {
		if path == "" {
			path = "/"
		}
		list = map[string]route{path: {}}
	} else if path != "" && path != "/" {
		return nil, fmt.Errorf("open_params has the path %s, and there are routes: leave the path out", path)
	}
	all := routes{}
	for p, r := range list {
		verify, err := newVerifier(r.Auth)
		if err != nil {
			return nil, err
		}
		t := &target{verify: verify, header: r.Auth.Type == "bearer"}
		t.set, t.slots = newSet(r.TimePointer)
		all[p] = t
	}
	return all, nil
}

// admit implements [listen.Options.Admit].
func (r routes) admit(req *http.Request) bool {
	t := r[req.URL.Path]
	return t != nil && (!t.header || t.verify(req.Header, nil))
}

// allow implements [listen.Options.Allow].
func (r routes) allow(req *http.Request, body []byte) bool {
	t := r[req.URL.Path]
	return t != nil && (t.verify == nil || t.verify(req.Header, body))
}

// fit refuses routes without authentication, unless that is wanted.
func (r routes) fit(insecure bool) error {
	for path, t := range r {
		if t.verify == nil && !insecure {
			return fmt.Errorf("%s takes posts from other machines without authentication: configure routes with auth, or listen on 127.0.0.1, or set insecure: true", path)
		}
	}
	return nil
}
