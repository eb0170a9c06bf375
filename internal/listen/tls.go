// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// tlsConfig reads the files of the options, so that a mistake in them is an error at once.
func tlsConfig(o *Options) (*tls.Config, error) {
	key := o.Key
	if key == "" {
		key = o.Certificate
	}
	cert := &certificate{certFile: o.Certificate, keyFile: key}
	if _, err := cert.get(nil); err != nil {
		return nil, fmt.Errorf("certificate %s: %w", o.Certificate, err)
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: cert.get, NextProtos: []string{"h2", "http/1.1"}}
	if o.ClientCA != "" {
		pem, err := os.ReadFile(o.ClientCA)
		if err != nil {
			return nil, fmt.Errorf("client authorities: %w", err)
		}
		c.ClientCAs = x509.NewCertPool()
		if !c.ClientCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("client authorities %s: %w", o.ClientCA, errors.New("no certificate in the file"))
		}
		c.ClientAuth = tls.VerifyClientCertIfGiven // /healthz needs none; serve asks for one
	}
	return c, nil
}

// certificate is a certificate that is read again when its files change.
type certificate struct {
	certFile, keyFile string

	mu      sync.Mutex
	cert    *tls.Certificate
	stamps  [2]time.Time // of the files when they were read
	checked time.Time
}

// checkEvery is how often the files are looked at, at most.
const checkEvery = time.Second

// get implements [tls.Config.GetCertificate]. Files that cannot be read, as while they are
// being replaced, leave the certificate that there is.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if c.cert != nil && now.Sub(c.checked) < checkEvery {
		return c.cert, nil
	}
	c.checked = now
	stamps, err := c.stat()
	if c.cert != nil && (err != nil || stamps == c.stamps) {
		return c.cert, nil
	}
	if err != nil {
		return nil, err
	}
	cert, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		if c.cert != nil {
			return c.cert, nil
		}
		return nil, err
	}
	c.cert, c.stamps = &cert, stamps
	return c.cert, nil
}

func (c *certificate) stat() (stamps [2]time.Time, err error) {
	for i, f := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(f)
		if err != nil {
			return stamps, err
		}
		stamps[i] = info.ModTime()
	}
	return stamps, nil
}
