// SPDX-License-Identifier: Apache-2.0

package httpjson

import (
	"net/http/httptest"
	"testing"
)

// TestStrangersSendNoBody: a wrong token is seen before the body is read; a signature needs it.
func TestStrangersSendNoBody(t *testing.T) {
	s := settings{Routes: map[string]route{
		"/token": {Auth: auth{Type: "bearer", Secret: "x"}}, "/signed": {Auth: auth{Type: "github", Secret: "x"}}, "/open": {},
	}}
	all, err := s.routes("")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"/token": false, "/signed": true, "/open": true, "/other": false} {
		if got := all.admit(httptest.NewRequest("POST", path, nil)); got != want {
			t.Errorf("%s: admitted %t, want %t", path, got, want)
		}
	}
	r := httptest.NewRequest("POST", "/token", nil)
	r.Header.Set("Authorization", "Bearer x")
	if !all.admit(r) {
		t.Error("the token is not admitted")
	}
}
