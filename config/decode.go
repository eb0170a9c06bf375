// SPDX-License-Identifier: Apache-2.0

package config

import (
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/compat"
)

const (
	maxUint16 = 1<<16 - 1
	maxUint32 = 1<<32 - 1
	maxInt    = 1<<62 - 1
)

// decode converts the merged tree. The order of the parts determines which of several errors
// is reported.
func decode(root *node, file string, read func(string) ([]byte, error)) (*Config, error) {
	d := &decoder{root: root, file: file}
	return d.decode(read)
}

func (d *decoder) decode(read func(string) ([]byte, error)) (*Config, error) {
	c := &Config{}
	d.compatibility(c)
	d.log(c)
	d.engine(c)
	d.rulesFiles(c)
	d.json(c)
	d.outputs(c)
	d.rules(c)
	d.queue(c)
	d.spool(c)
	d.sources(c)
	d.webserver(c)
	d.syscalls()
	d.metrics(c)
	d.capture(c)
	d.ruleSelect(c)
	d.appendOutput(c)
	d.staticFields(c)
	d.plugins(c, read)
	c.PluginsHostinfo = d.bool("plugins_hostinfo", true)
	c.WatchFiles = d.bool("watch_config_files", true)
	if d.err != nil {
		return nil, d.err
	}
	c.Warnings = append(d.warnings, c.Warnings...)
	return c, nil
}

var (
	logLevels    = []string{"emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"}
	pluginLevels = []string{"fatal", "critical", "error", "warning", "notice", "info", "debug", "trace"}
	engineKinds  = []string{"kmod", "modern_ebpf", "replay", "nodriver"}
	priorities   = []string{"emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"}
)

func (d *decoder) log(c *Config) {
	c.Log = Log{
		Level:       d.string("log_level", "info"),
		Plugins:     d.bool("libs_logger.enabled", true),
		PluginLevel: d.string("libs_logger.severity", "info"),
		Stderr:      d.bool("log_stderr", false),
		Syslog:      d.bool("log_syslog", true),
	}
	if !slices.Contains(logLevels, c.Log.Level) {
		d.fail("Unknown log level %s", d.at("log_level").shown())
	}
	if c.Log.Plugins && !slices.Contains(pluginLevels, c.Log.PluginLevel) {
		d.fail("Unknown sinsp log severity %s", d.at("libs_logger.severity").shown())
	}
}

func (d *decoder) engine(c *Config) {
	c.Engine.Kind = d.string("engine.kind", "kmod")
	if !slices.Contains(engineKinds, c.Engine.Kind) {
		d.failFile("engine.kind '%s' is not a valid kind.", d.at("engine.kind").shown())
	}
	switch c.Engine.Kind {
	case "kmod":
		d.touch("engine.kmod.buf_size_preset")
	case "modern_ebpf":
		d.touch("engine.modern_ebpf.cpus_for_each_buffer")
	}
	if c.Engine.Kind != "replay" {
		return
	}
	c.Engine.CaptureFile = d.string("engine.replay.capture_file", "")
	if c.Engine.CaptureFile == "" {
		d.failFile("engine.kind is 'replay' but no engine.replay.capture_file specified.")
	}
}

// rulesFiles omits files that do not exist.
func (d *decoder) rulesFiles(c *Config) {
	files := d.texts("rules_files")
	if d.root.get("rules_file") != nil {
		c.Warnings = append(c.Warnings, "Using deprecated config key 'rules_file' (singular form). Please use new 'rules_files' config key (plural form).")
		if d.root.get("rules_files") != nil {
			d.failFile("both 'rules_files' and 'rules_file' keys set")
		}
		files = d.texts("rules_file")
	}
	for _, f := range files {
		if _, err := os.Stat(f.value); err == nil {
			c.RulesFiles = append(c.RulesFiles, f.value)
		} else {
			c.MissingRules = append(c.MissingRules, f.shown())
		}
	}
}

func (d *decoder) json(c *Config) {
	c.JSON = JSON{
		Output:      d.bool("json_output", false),
		WithOutput:  d.bool("json_include_output_property", true),
		WithTags:    d.bool("json_include_tags_property", true),
		WithID:      d.bool("json_include_id_property", false),
		WithMessage: d.bool("json_include_message_property", false),
		WithFields:  d.bool("json_include_output_fields_property", true),
	}
	c.TimeISO8601 = d.bool("time_format_iso_8601", false)
	c.BufferBase64 = d.bool("buffer_format_base64", false)
}

// compatibility rejects unknown values, since rules could otherwise change their meaning.
func (d *decoder) compatibility(c *Config) {
	const key = "falco_compatibility"
	s := d.string(key, compat.Version(0).String())
	if n := d.at(key); n != nil && n.kind != kindScalar {
		s = ""
	}
	var err error
	if c.Falco, err = compat.Parse(s); err != nil {
		d.failFile("%s: %v", key, err)
	}
}

func (d *decoder) rules(c *Config) {
	switch m := d.string("rule_matching", "first"); strings.ToLower(m) {
	case "first":
	case "all":
		c.RuleMatchAll = true
	default:
		d.fail("Unknown rule matching strategy \"%s\"--must be one of first, all", d.at("rule_matching").shown())
	}
	p := d.string("priority", "debug")
	c.Priority = slices.Index(priorities, strings.ToLower(p))
	if strings.EqualFold(p, "info") {
		c.Priority = slices.Index(priorities, "informational")
	}
	if c.Priority < 0 {
		d.fail("Unknown priority \"%s\"--must be one of %s", d.at("priority").shown(), strings.Join(priorities, ", "))
	}
}

// sources reads on_source_failure.
func (d *decoder) sources(c *Config) {
	switch v := d.string("on_source_failure", "exit"); v {
	case "exit":
	case "restart":
		c.RestartSources = true
	default:
		d.fail("Unknown value \"%s\" of on_source_failure--must be one of exit, restart", d.at("on_source_failure").shown())
	}
}

func (d *decoder) queue(c *Config) {
	c.BufferedOutputs = d.bool("buffered_outputs", false)
	c.QueueCapacity = int(d.uint("outputs_queue.capacity", 0, maxInt))
	c.OutputTimeout = time.Duration(d.uint("output_timeout", 2000, maxUint32)) * time.Millisecond
	c.ShutdownTimeout = time.Duration(d.uint("shutdown_timeout", 20000, maxUint32)) * time.Millisecond
}

func (d *decoder) webserver(c *Config) {
	c.Webserver = Webserver{
		Enabled:         d.bool("webserver.enabled", false),
		Threads:         int(d.uint("webserver.threadiness", 0, maxUint32)),
		ListenPort:      int(d.uint("webserver.listen_port", 8765, maxUint16)),
		ListenAddress:   d.string("webserver.listen_address", "0.0.0.0"),
		HealthzEndpoint: d.string("webserver.k8s_healthz_endpoint", "/healthz"),
		Prometheus:      d.bool("webserver.prometheus_metrics_enabled", false),
		SSL:             d.bool("webserver.ssl_enabled", false),
		SSLCertificate:  d.string("webserver.ssl_certificate", "/etc/falco/falco.pem"),
	}
	if _, err := netip.ParseAddr(strings.TrimSpace(c.Webserver.ListenAddress)); err != nil {
		d.failFile("webserver listen address \"%s\" is not a valid IP address", d.at("webserver.listen_address").shown())
	}
}

// syscalls validates keys that have no effect, as Falco does.
func (d *decoder) syscalls() {
	ignore := false
	for _, n := range d.texts("syscall_event_drops.actions") {
		switch n.value {
		case "ignore":
			ignore = true
		case "log", "alert":
			if ignore {
				d.failFile("syscall event drop action \"%s\" does not make sense with the \"ignore\" action", n.shown())
			}
		case "exit":
		default:
			d.failFile("available actions for syscall event drops are \"ignore\", \"log\", \"alert\", and \"exit\"")
		}
	}
	if t := d.float("syscall_event_drops.threshold", .1); t < 0 || t > 1 {
		d.failFile("syscall event drops threshold must be a double in the range [0, 1]")
	}
	if d.uint("syscall_event_timeouts.max_consecutives", 1000, maxUint32) == 0 {
		d.fail("Error reading config file(%s): the maximum consecutive timeouts without an event must be an unsigned integer > 0", d.file)
	}
	d.touch("syscall_event_drops.rate", "falco_libs.thread_table_size")
	d.texts("base_syscalls.custom_set")
}

func (d *decoder) metrics(c *Config) {
	c.Metrics = Metrics{
		Enabled:             d.bool("metrics.enabled", false),
		IntervalText:        d.string("metrics.interval", "5000"),
		OutputRule:          d.bool("metrics.output_rule", false),
		OutputFile:          d.string("metrics.output_file", ""),
		RulesCounters:       d.bool("metrics.rules_counters_enabled", true),
		ResourceUtilization: d.bool("metrics.resource_utilization_enabled", true),
		StateCounters:       d.bool("metrics.state_counters_enabled", true),
		PluginsMetrics:      d.bool("metrics.plugins_metrics_enabled", true),
		ConvertMemoryToMB:   d.bool("metrics.convert_memory_to_mb", true),
		IncludeEmptyValues:  d.bool("metrics.include_empty_values", false),
	}
	c.Metrics.Interval = toDuration(c.Metrics.IntervalText)
}

func (d *decoder) capture(c *Config) {
	c.Capture = Capture{
		Enabled:         d.bool("capture.enabled", false),
		PathPrefix:      d.string("capture.path_prefix", "/tmp/falco"),
		DefaultDuration: time.Duration(d.uint("capture.default_duration", 5000, maxUint32)) * time.Millisecond,
		MaxFileSize:     int64(d.uint("capture.max_file_size_mb", 0, 1<<40)) << 20,
	}
	switch d.string("capture.mode", "rules") {
	case "rules":
	case "all_rules":
		c.Capture.AllRules = true
	default:
		d.failFile("capture.mode '%s' is not a valid mode.", d.at("capture.mode").shown())
	}
}
