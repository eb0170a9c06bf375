// SPDX-License-Identifier: Apache-2.0

package listen

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// authority makes certificates.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	a.cert, a.key, a.pem, _ = a.make("authority", nil)
	return a
}

// make returns a certificate, and both as PEM.
func (a *authority) make(name string, usage []x509.ExtKeyUsage) (*x509.Certificate, *ecdsa.PrivateKey, []byte, []byte) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: usage,
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		tmpl.IsCA, tmpl.BasicConstraintsValid, tmpl.KeyUsage = true, true, x509.KeyUsageCertSign
		parent, signer = tmpl, key
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return cert, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})
}

func write(t *testing.T, path string, parts ...[]byte) string {
	t.Helper()
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTLS: one file or two, client certificates, versions, and a certificate that is replaced.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	ca := newAuthority(t)
	_, _, cert, key := ca.make("first", []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth})
	_, _, clientCert, clientKey := ca.make("client", []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth})
	certFile := write(t, filepath.Join(dir, "server.pem"), cert, key)
	caFile := write(t, filepath.Join(dir, "ca.pem"), ca.pem)
	e := opened(t, func(o *Options) { o.Certificate, o.ClientCA = certFile, caFile })
	wg := answering(e)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca.pem)
	pair, err := tls.X509KeyPair(clientCert, clientKey)
	if err != nil {
		t.Fatal(err)
	}
	with := func(c *tls.Config) *http.Client {
		tr := &http.Transport{TLSClientConfig: c}
		t.Cleanup(tr.CloseIdleConnections)
		return &http.Client{Transport: tr}
	}
	known := with(&tls.Config{RootCAs: pool, Certificates: []tls.Certificate{pair}})
	stranger := with(&tls.Config{RootCAs: pool})
	if got, _, _ := post(t, known, e.url("/"), "{}"); got != 200 {
		t.Errorf("with a certificate: %d, want 200", got)
	}
	if got, _, _ := post(t, stranger, e.url("/"), "{}"); got != 401 {
		t.Errorf("without a certificate: %d, want 401", got)
	}
	resp, err := stranger.Get(e.url("/healthz"))
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("healthz without a certificate: %v %v", resp, err)
	}
	resp.Body.Close()
	if _, err := with(&tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS11}).Get(e.url("/healthz")); err == nil {
		t.Error("TLS 1.1 is accepted")
	}

	_, _, cert, key = ca.make("second", []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth})
	write(t, certFile, []byte("half written"))
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(certFile, later, later); err != nil {
		t.Fatal(err)
	}
	source := &certificate{certFile: certFile, keyFile: certFile}
	if _, err := source.get(nil); err == nil {
		t.Error("no error of a file without a certificate")
	}
	name := func() string {
		conn, err := tls.Dial("tcp", e.Addr().String(), &tls.Config{RootCAs: pool})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].Subject.CommonName
	}
	if got := name(); got != "first" {
		t.Errorf("certificate %q while the file is being written, want the first one", got)
	}
	write(t, certFile, cert, key)
	later = later.Add(time.Hour)
	if err := os.Chtimes(certFile, later, later); err != nil {
		t.Fatal(err)
	}
	for name() != "second" { // within a second
	}
	shut(t, e)
	wg.Wait()

	two := opened(t, func(o *Options) {
		o.Certificate, o.Key = write(t, filepath.Join(dir, "cert.pem"), cert), write(t, filepath.Join(dir, "key.pem"), key)
	})
	wg = answering(two)
	if got, _, _ := post(t, stranger, two.url("/"), "{}"); got != 200 {
		t.Errorf("with two files: %d, want 200", got)
	}
	shut(t, two)
	wg.Wait()
	if _, err := Open(Options{Addr: "127.0.0.1:0", Certificate: caFile, Key: caFile}); err == nil {
		t.Error("opened without a key")
	}
	if _, err := Open(Options{Addr: "127.0.0.1:0", Certificate: certFile, ClientCA: "/nonexistent"}); err == nil {
		t.Error("opened without the file of authorities")
	}
}
