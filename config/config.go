// SPDX-License-Identifier: Apache-2.0

// Package config loads falco.yaml, the files that it includes and the -o options of the command
// line into a [Config]. It reads files but has no other side effects: it loads no plugins and
// opens no outputs.
//
// # Order of evaluation
//
//  1. The main file is read. ${NAME} in values is replaced by environment variables.
//  2. The files and folders in config_files follow (including those set with -o), each with
//     its merge strategy: append (sequences are appended, other keys replaced), override (keys
//     are replaced), add-only (only new keys are added).
//  3. The options of the command line are applied in order.
//  4. The keys are converted. A value of the wrong type is replaced by the default, and an
//     unknown key is ignored; the schema validation reports both.
//
// Steps 1 and 2 validate each file against the schema ([Schema]); the result is in
// [Config.Files].
package config

import (
	"io/fs"
	"time"

	"github.com/gyr-dev/gyr/compat"
)

// File is a configuration file.
type File struct {
	Path string
	// Validation is "ok" or the first violation of the schema: "failed for <root>[key]: ...".
	Validation string
}

// ValidationOK is the Validation of a valid file.
const ValidationOK = "ok"

// Config is a configuration. It does not change after Load.
type Config struct {
	// Falco is the version of Falco to be compatible with.
	Falco compat.Version
	// Files lists the files read, sorted by path; empty without a file.
	Files []File
	// Folders lists the folders in config_files.
	Folders []string
	// Warnings holds messages for the log.
	Warnings []string

	WatchFiles bool
	// RulesFiles lists the existing rules files and folders.
	RulesFiles []string
	// MissingRules lists the rules files that do not exist, in a form for messages.
	MissingRules []string
	RuleSelect   []RuleSelect
	RuleMatchAll bool
	// Priority is the lowest priority of rules to load, from 0 (emergency) to 7 (debug).
	Priority int

	Engine  Engine
	Capture Capture

	// RestartSources reopens a failed source. Otherwise the failure ends the run.
	RestartSources bool

	// Plugins lists the plugins to load, in order.
	Plugins         []Plugin
	PluginsHostinfo bool

	TimeISO8601  bool
	BufferBase64 bool
	JSON         JSON
	AppendOutput []AppendOutput
	// StaticFields lists the fields with a fixed value, sorted by name.
	StaticFields []StaticField

	BufferedOutputs bool
	// QueueCapacity is the maximum number of alerts that wait for an output; 0 if the key is
	// absent or 0.
	QueueCapacity int
	// OutputTimeout is the time after which a blocked output is reported, and abandoned at
	// shutdown. ShutdownTimeout limits the shutdown after a signal.
	OutputTimeout, ShutdownTimeout time.Duration
	Outputs                        Outputs
	Spool                          Spool

	Webserver Webserver
	Log       Log
	Metrics   Metrics

	root *node
}

// RuleSelect enables or disables rules by a name pattern with * or, if Rule is empty, by tag.
type RuleSelect struct {
	Enable    bool
	Rule, Tag string
}

// Engine configures the source of events other than plugins.
type Engine struct {
	// Kind is kmod, modern_ebpf, nodriver or replay.
	Kind string
	// CaptureFile is the file to replay.
	CaptureFile string
}

// Capture configures the recording of events around alerts.
type Capture struct {
	Enabled         bool
	PathPrefix      string
	AllRules        bool
	DefaultDuration time.Duration
	// MaxFileSize is in bytes, 0 for no limit.
	MaxFileSize int64
}

// Plugin is an entry of plugins.
type Plugin struct {
	// Name is the name used by load_plugins.
	Name string
	// LibraryPath is the path as written.
	LibraryPath string
	// InitConfig and OpenParams are the text as written, or JSON for a map or sequence.
	InitConfig, OpenParams string
	// Concurrency is the number of states that extract in parallel, 0 if not set.
	Concurrency int
	// Pos is the position of the entry: "falco.yaml:12:5".
	Pos string
}

// JSON configures alerts in JSON.
type JSON struct {
	Output bool
	// The properties of an alert.
	WithOutput, WithMessage, WithFields, WithTags, WithID bool
}

// AppendOutput extends the output of the rules that it matches.
type AppendOutput struct {
	// Source, Rule and Tags (all must match) select rules; empty matches all.
	Source, Rule string
	Tags         []string
	// Output is appended to the output text.
	Output string
	// Fields are added to the output fields.
	Fields    []ExtraField
	Suggested bool
}

// ExtraField is an additional output field: the field Key if Format is empty, else a template.
type ExtraField struct{ Key, Format string }

// StaticField is the field static.Name.
type StaticField struct{ Name, Value string }

// Outputs configures the destinations of alerts.
type Outputs struct {
	Stdout, Syslog bool
	File           FileOutput
	Program        ProgramOutput
	HTTP           HTTPOutput
}

// Spool configures the storage of alerts on disk.
type Spool struct {
	// Path is the folder; "" means no spool.
	Path string
	// MaxSize is in bytes.
	MaxSize int64
	// Interval treats alerts as stored before they are fsynced.
	Interval bool
	// DropOldest drops the oldest alerts if the spool is full. Otherwise sources wait.
	DropOldest bool
}

// Any reports whether an output is enabled.
func (o *Outputs) Any() bool {
	return o.Stdout || o.Syslog || o.File.Enabled || o.Program.Enabled || o.HTTP.Enabled
}

// FileOutput appends alerts to a file.
type FileOutput struct {
	Enabled, KeepAlive bool
	Filename           string
	// Mode holds the permissions of a new file; 0 means as set by the umask.
	Mode fs.FileMode
}

// ProgramOutput pipes alerts into a shell command.
type ProgramOutput struct {
	Enabled, KeepAlive bool
	Program            string
}

// HTTPOutput posts alerts to a URL.
type HTTPOutput struct {
	Enabled                    bool
	URL, UserAgent             string
	Insecure, Echo, MTLS       bool
	CACert, CABundle, CAPath   string
	ClientCert, ClientKey      string
	CompressUploads, KeepAlive bool
	// Timeout is the maximum duration of a request.
	Timeout                time.Duration
	MaxConsecutiveTimeouts int
}

// Webserver configures the endpoints for health, versions and metrics.
type Webserver struct {
	Enabled         bool
	Threads         int
	ListenAddress   string
	ListenPort      int
	HealthzEndpoint string
	Prometheus      bool
	SSL             bool
	SSLCertificate  string
}

// Log configures logging.
type Log struct {
	Stderr, Syslog bool
	// Level is emergency, alert, critical, error, warning, notice, info or debug.
	Level string
	// Plugins enables log lines of plugins. PluginLevel is their lowest level: fatal, critical,
	// error, warning, notice, info, debug or trace.
	Plugins     bool
	PluginLevel string
}

// Metrics configures the metrics snapshots.
type Metrics struct {
	Enabled  bool
	Interval time.Duration
	// IntervalText is the interval as written.
	IntervalText                                                      string
	OutputRule                                                        bool
	OutputFile                                                        string
	RulesCounters, ResourceUtilization, StateCounters, PluginsMetrics bool
	ConvertMemoryToMB, IncludeEmptyValues                             bool
}
