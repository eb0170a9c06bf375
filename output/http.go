// SPDX-License-Identifier: Apache-2.0

package output

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

// HTTPOptions configure an HTTP destination.
type HTTPOptions struct {
	URL, UserAgent string
	// JSON says that the lines are JSON.
	JSON bool
	// Compress sends gzip.
	Compress bool
	// KeepAlive reuses connections.
	KeepAlive bool
	// Insecure does not verify the server's certificate. CACert or CABundle is a file
	// with certificates to trust, CAPath a folder; the first that is set counts.
	Insecure                 bool
	CACert, CABundle, CAPath string
	// ClientCert and ClientKey are files, used if MTLS is set.
	MTLS                  bool
	ClientCert, ClientKey string
	// Echo gets the bodies of answers; nil drops them.
	Echo io.Writer
	// Timeout limits a request, 0 means five seconds. After MaxTimeouts of them in a row
	// one line of the log says that the server does not answer; 0 means never.
	Timeout     time.Duration
	MaxTimeouts int
}

// HTTP posts each line to a URL.
type HTTP struct {
	opts     HTTPOptions
	client   *http.Client
	timeouts int
}

// NewHTTP prepares a destination. It reads the certificates; nothing is sent yet.
func NewHTTP(o HTTPOptions) (*HTTP, error) {
	if o.Timeout <= 0 {
		o.Timeout = 5 * time.Second
	}
	conf, err := o.tls()
	if err != nil {
		return nil, err
	}
	tr := &http.Transport{TLSClientConfig: conf, Proxy: http.ProxyFromEnvironment, DisableKeepAlives: !o.KeepAlive}
	return &HTTP{opts: o, client: &http.Client{Transport: tr, Timeout: o.Timeout}}, nil
}

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

// Name implements [Destination].
func (h *HTTP) Name() string { return "http" }

// Write posts the alerts one after the other. One that fails does not keep back the
// others.
func (h *HTTP) Write(alerts []alert.Alert) error {
	var errs []error
	for i := range alerts {
		err := h.post(alerts[i].Line)
		if err == nil {
			h.timeouts = 0
			continue
		}
		if errors.Is(err, context.DeadlineExceeded) || os.IsTimeout(err) {
			h.timeouts++
			if h.opts.MaxTimeouts > 0 && h.timeouts == h.opts.MaxTimeouts {
				err = fmt.Errorf("%d timeouts in a row: %w", h.timeouts, err)
			}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (h *HTTP) post(line []byte) error {
	// A copy, since the transport may read on after it has answered.
	var body io.Reader = bytes.NewReader(bytes.Clone(line))
	if h.opts.Compress {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(line); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		body = &b
	}
	req, err := http.NewRequest(http.MethodPost, h.opts.URL, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "text/plain")
	if h.opts.JSON {
		req.Header.Set("Content-Type", "application/json")
	}
	if h.opts.Compress {
		req.Header.Set("Content-Encoding", "gzip")
	}
	req.Header.Set("User-Agent", h.opts.UserAgent)
	resp, err := h.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	echo := h.opts.Echo
	if echo == nil {
		echo = io.Discard
	}
	if _, err := io.Copy(echo, io.LimitReader(resp.Body, 1<<20)); err != nil {
		return err
	}
	if resp.StatusCode >= 400 {
		return fmt.Errorf("the server answered %s", resp.Status)
	}
	return nil
}

// Flush implements [Destination].
func (h *HTTP) Flush() error { return nil }

// Reopen implements [Destination].
func (h *HTTP) Reopen() error { return h.Close() }

// Close implements [Destination].
func (h *HTTP) Close() error {
	h.client.CloseIdleConnections()
	return nil
}
