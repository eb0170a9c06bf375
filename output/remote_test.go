// SPDX-License-Identifier: Apache-2.0

package output

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProgram(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("no /bin/sh: ", err)
	}
	f := func(keep bool, want string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "out")
		p := NewProgram("echo start >>'"+path+"'; cat >>'"+path+"'", keep, false)
		if err := errors.Join(p.Write(batch("a", "b")), p.Write(batch("c")), p.Flush(), p.Close()); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("keep alive %v: %q (%v), want %q", keep, got, err, want)
		}
	}
	f(true, "start\na\nb\nc\n")
	f(false, "start\na\nstart\nb\nstart\nc\n")
}

// late is a transport that reads the body of a request after it has answered, as the real
// one may where a server does not wait for the end of the request, or the time is up.
type late struct{ bodies []io.Reader }

func (l *late) RoundTrip(r *http.Request) (*http.Response, error) {
	l.bodies = append(l.bodies, r.Body)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

// TestHTTPKeepsNoAlert: the memory of an alert serves others when Write has returned.
func TestHTTPKeepsNoAlert(t *testing.T) {
	h, err := NewHTTP(HTTPOptions{URL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	l := &late{}
	h.client.Transport = l
	alerts := batch("first", "second")
	if err := h.Write(alerts); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"first", "second"} {
		clear(alerts[i].Line)
		if got, err := io.ReadAll(l.bodies[i]); err != nil || string(got) != want {
			t.Errorf("the body is %q (%v), want %q", got, err, want)
		}
	}
}

func TestHTTP(t *testing.T) {
	type request struct{ body, contentType, agent string }
	var got []request
	status := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Error(err)
				return
			}
			body = z
		}
		b, _ := io.ReadAll(body)
		got = append(got, request{string(b), r.Header.Get("Content-Type"), r.UserAgent()})
		w.WriteHeader(status)
		io.WriteString(w, "thanks")
	}))
	defer srv.Close()
	f := func(o HTTPOptions, wantType string) {
		t.Helper()
		got = nil
		var echo strings.Builder
		o.URL, o.UserAgent, o.Echo = srv.URL, "agent/1", &echo
		h, err := NewHTTP(o)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		if err := h.Write(batch("a", "b")); err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || got[0] != (request{"a", wantType, "agent/1"}) || got[1].body != "b" {
			t.Errorf("%+v: requests %+v", o, got)
		}
		if echo.String() != "thanksthanks" {
			t.Errorf("echo %q, want the two answers", echo.String())
		}
	}
	f(HTTPOptions{}, "text/plain")
	f(HTTPOptions{JSON: true, Compress: true, KeepAlive: true}, "application/json")

	status = http.StatusInternalServerError
	h, err := NewHTTP(HTTPOptions{URL: srv.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.Write(batch("a")); err == nil || !strings.Contains(err.Error(), "500") {
		t.Errorf("error for status 500 = %v", err)
	}
	if _, err := NewHTTP(HTTPOptions{URL: srv.URL, CACert: filepath.Join(t.TempDir(), "none.pem")}); err == nil {
		t.Error("a missing certificate file is accepted")
	}
}
