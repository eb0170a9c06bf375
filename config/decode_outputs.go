// SPDX-License-Identifier: Apache-2.0

package config

func (d *decoder) outputs(c *Config) {
	o := &c.Outputs
	o.Stdout = d.bool("stdout_output.enabled", false)
	o.Syslog = d.bool("syslog_output.enabled", false)
	o.File = FileOutput{
		Enabled:   d.bool("file_output.enabled", false),
		KeepAlive: d.is("file_output.keep_alive"),
		Filename:  d.string("file_output.filename", ""),
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
		URL:                    d.string("http_output.url", ""),
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
		MaxConsecutiveTimeouts: int(d.uint("http_output.max_consecutive_timeouts", 5, 255)),
	}
	if h.Enabled && h.URL == "" {
		d.failFile("http output enabled but no url in configuration block")
	}
}
