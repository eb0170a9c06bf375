// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

func (d *decoder) outputs(c *Config) {
	o := &c.Outputs
	o.Stdout = d.bool("stdout_output.enabled", false)
	o.Syslog = d.bool("syslog_output.enabled", false)
	o.File = FileOutput{
		Enabled:   d.bool("file_output.enabled", false),
		KeepAlive: d.is("file_output.keep_alive"),
		Filename:  d.string("file_output.filename", ""),
		Mode:      d.mode("file_output.mode"),
	}
	if o.File.Enabled && o.File.Filename == "" {
		d.failFile("file output enabled but no filename in configuration block")
	}
	o.Program = ProgramOutput{
		Enabled:   d.bool("program_output.enabled", false),
		KeepAlive: d.is("program_output.keep_alive"),
		Program:   d.string("program_output.program", ""),
	}
	if o.Program.Enabled && o.Program.Program == "" {
		d.failFile("program output enabled but no program in configuration block")
	}
	d.httpOutput(&o.HTTP)
}

func (d *decoder) httpOutput(h *HTTPOutput) {
	*h = HTTPOutput{
		Enabled:                d.bool("http_output.enabled", false),
		URL:                    unquote(d.string("http_output.url", "")),
		UserAgent:              d.string("http_output.user_agent", "falcosecurity/falco"),
		Insecure:               d.bool("http_output.insecure", false),
		Echo:                   d.bool("http_output.echo", false),
		MTLS:                   d.bool("http_output.mtls", false),
		CACert:                 d.string("http_output.ca_cert", ""),
		CABundle:               d.string("http_output.ca_bundle", ""),
		CAPath:                 d.string("http_output.ca_path", "/etc/ssl/certs"),
		ClientCert:             d.string("http_output.client_cert", "/etc/ssl/certs/client.crt"),
		ClientKey:              d.string("http_output.client_key", "/etc/ssl/certs/client.key"),
		CompressUploads:        d.bool("http_output.compress_uploads", false),
		KeepAlive:              d.bool("http_output.keep_alive", false),
		Timeout:                time.Duration(d.uint("http_output.timeout", 10000, maxUint32)) * time.Millisecond,
		MaxConsecutiveTimeouts: int(d.uint("http_output.max_consecutive_timeouts", 5, 255)),
	}
	if !h.Enabled {
		return
	}
	if h.URL == "" {
		d.failFile("http output enabled but no url in configuration block")
		return
	}
	address, err := httpURL(h.URL)
	if err != nil {
		d.failFile("http_output.url: %v", err)
	}
	h.URL = address
}

// unquote removes quotes around a text, which a URL from an environment variable may have.
func unquote(s string) string {
	if n := len(s); n > 1 && (s[0] == '"' || s[0] == '\'') && s[n-1] == s[0] {
		return s[1 : n-1]
	}
	return s
}

// httpURL validates a URL. The default scheme is http. Errors do not include the URL, which may
// contain secrets.
func httpURL(s string) (string, error) {
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return "", fmt.Errorf("invalid URL: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("the scheme is %q, expected http or https", u.Scheme)
	}
	if u.Hostname() == "" {
		return "", errors.New("invalid URL: missing host")
	}
	return s, nil
}
