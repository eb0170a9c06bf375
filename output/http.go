// SPDX-License-Identifier: Apache-2.0

package output

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/gyr-dev/gyr/alert"
)

const defaultHTTPTimeout = 10 * time.Second

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
	// Timeout limits a request, 0 means ten seconds. After MaxTimeouts of them in a row
	// one line of the log says that the server does not answer; 0 means never.
	Timeout     time.Duration
	MaxTimeouts int
	// Log takes that line; nil drops it.
	Log *slog.Logger
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
		o.Timeout = defaultHTTPTimeout
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if _, err := url.Parse(o.URL); err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // without the URL
		}
		return nil, fmt.Errorf("http_output.url cannot be parsed: %w", err)
	}
	conf, err := o.tls()
	if err != nil {
		return nil, err
	}
	tr := &http.Transport{TLSClientConfig: conf, Proxy: http.ProxyFromEnvironment, DisableKeepAlives: !o.KeepAlive}
	return &HTTP{opts: o, client: &http.Client{Transport: tr, Timeout: o.Timeout, CheckRedirect: checkRedirect}}, nil
}

// Name implements [Destination].
func (h *HTTP) Name() string { return "http" }

// Write posts one alert.
func (h *HTTP) Write(ctx context.Context, alerts []alert.Alert) (int, error) {
	err := h.post(ctx, &alerts[0])
	switch {
	case err == nil:
		h.timeouts = 0
		return 1, nil
	case os.IsTimeout(err) && ctx.Err() == nil:
		if h.timeouts++; h.timeouts == h.opts.MaxTimeouts {
			h.opts.Log.Error(fmt.Sprintf("http: %d requests in a row had no answer within %v", h.timeouts, h.opts.Timeout))
		}
	default:
		h.timeouts = 0
	}
	return 0, err
}

func (h *HTTP) post(ctx context.Context, a *alert.Alert) error {
	req, err := h.request(ctx, a)
	if err != nil {
		return err
	}
	resp, err := h.client.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err // without the URL, which may hold secrets
		}
		return err
	}
	defer resp.Body.Close()
	echo := h.opts.Echo
	if echo == nil {
		echo = io.Discard
	}
	// An answer that breaks off is none: whoever sent it may not have kept the alert.
	if _, err := io.Copy(io.Discard, io.TeeReader(io.LimitReader(resp.Body, 1<<20), quietly{echo})); err != nil {
		return err
	}
	return answer(resp, time.Now())
}

// quietly is a writer whose errors do not matter.
type quietly struct{ io.Writer }

func (q quietly) Write(p []byte) (int, error) {
	_, _ = q.Writer.Write(p)
	return len(p), nil
}

func (h *HTTP) request(ctx context.Context, a *alert.Alert) (*http.Request, error) {
	// A copy, since the transport may read on after it has answered.
	body := bytes.Clone(a.Line)
	if h.opts.Compress {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(a.Line); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		body = b.Bytes()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.opts.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "text/plain")
	if h.opts.JSON {
		req.Header.Set("Content-Type", "application/json")
	}
	if h.opts.Compress {
		req.Header.Set("Content-Encoding", "gzip")
	}
	req.Header.Set("User-Agent", h.opts.UserAgent)
	if a.ID != (alert.ID{}) {
		req.Header.Set("Idempotency-Key", `"`+a.ID.String()+`"`)
	}
	return req, nil
}

// Reopen implements [Destination].
func (h *HTTP) Reopen() error { return h.Close() }

// Close implements [Destination].
func (h *HTTP) Close() error {
	h.client.CloseIdleConnections()
	return nil
}
