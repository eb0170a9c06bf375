// SPDX-License-Identifier: Apache-2.0

package httpjson

import (
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/sdk"
)

// settings is the configuration.
type settings struct {
	Routes         map[string]route `json:"routes" desc:"What is taken on which path. Without routes the path of open_params takes everything."`
	Insecure       bool             `json:"insecure" desc:"Take posts without authentication also from other machines."`
	SSLCertificate string           `json:"sslCertificate" desc:"PEM file with the certificate, and with its key unless sslKey names another file. It is read again when it changes."`
	SSLKey         string           `json:"sslKey" desc:"PEM file with the key of the certificate."`
	ClientCA       string           `json:"clientCA" desc:"PEM file with the authorities that sign client certificates. If it is set, clients need one."`
	MaxEventSize   int              `json:"maxEventSize" desc:"Events of more bytes are dropped and counted." min:"1"`
	MaxBodySize    int64            `json:"maxBodySize" desc:"Bodies of more bytes are refused with status 413." min:"1"`
	MaxPending     int64            `json:"maxPendingBytes" desc:"How many bytes of bodies may be pending; more are refused with status 429." min:"1"`
	AcceptTimeout  int              `json:"acceptTimeout" desc:"After how many seconds a client whose events are not delivered is told to send them again, with status 503." min:"1" max:"300"`
}

// route is what a path takes.
type route struct {
	Auth        auth   `json:"auth" desc:"Who may post."`
	TimePointer string `json:"timePointer" desc:"JSON pointer to the time of an event: RFC 3339, or a number of seconds or milliseconds. Else it is the time of receipt."`
}

// auth says how a sender proves who it is.
type auth struct {
	Type   string `json:"type" desc:"github, slack, hmac or bearer." enum:",github,slack,hmac,bearer"`
	Secret string `json:"secret" desc:"The secret that both sides know."`
	Header string `json:"header" desc:"For hmac: the header with the hexadecimal HMAC-SHA256 of the body, perhaps behind sha256=."`
}

var (
	defaults = settings{
		SSLCertificate: "/etc/falco/falco.pem", MaxEventSize: 16 << 20, MaxBodySize: 12 << 20, MaxPending: 64 << 20, AcceptTimeout: 20,
	}
	schema = sdk.Schema(defaults)
)

// check finds what the schema cannot.
func (s *settings) check() error {
	for path, r := range s.Routes {
		if !strings.HasPrefix(path, "/") {
			return fmt.Errorf("routes: %q is not a path: it begins with /", path)
		}
		if r.Auth.Type != "" && r.Auth.Secret == "" {
			return fmt.Errorf("routes: %s: auth of type %s needs a secret", path, r.Auth.Type)
		}
		if r.Auth.Type == "" && r.Auth.Secret != "" {
			return fmt.Errorf("routes: %s: auth has a secret but no type", path)
		}
		if _, err := newVerifier(r.Auth); err != nil {
			return fmt.Errorf("routes: %s: %w", path, err)
		}
	}
	return nil
}
