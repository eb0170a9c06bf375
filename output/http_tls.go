// SPDX-License-Identifier: Apache-2.0

package output

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
)

// tls returns the certificates to trust and to present. A file of CAPath that is no
// certificate, or cannot be read, is left out.
func (o *HTTPOptions) tls() (*tls.Config, error) {
	c := &tls.Config{InsecureSkipVerify: o.Insecure}
	var files []string
	switch {
	case o.Insecure:
	case o.CACert != "":
		files = []string{o.CACert}
	case o.CABundle != "":
		files = []string{o.CABundle}
	case o.CAPath != "":
		files, _ = filepath.Glob(filepath.Join(o.CAPath, "*"))
	}
	for _, f := range files {
		pem, err := os.ReadFile(f)
		if err != nil && o.CACert+o.CABundle != "" {
			return nil, err
		}
		if c.RootCAs == nil {
			c.RootCAs = x509.NewCertPool()
		}
		if !c.RootCAs.AppendCertsFromPEM(pem) && o.CACert+o.CABundle != "" {
			return nil, fmt.Errorf("%s: no certificate in it", f)
		}
	}
	if o.MTLS {
		cert, err := tls.LoadX509KeyPair(o.ClientCert, o.ClientKey)
		if err != nil {
			return nil, err
		}
		c.Certificates = []tls.Certificate{cert}
	}
	return c, nil
}
