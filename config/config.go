// SPDX-License-Identifier: Apache-2.0

// Package config turns falco.yaml, the files it includes and the -o options of the
// command line into a [Config]. It reads files but acts on nothing: no plugin is loaded,
// no output opened.
//
// # How a value comes about
//
//  1. The main file is read, ${NAME} in its values replaced by environment variables.
//  2. The files and folders of config_files follow (also those given with -o), each with
//     its strategy: append (sequences grow, other keys are replaced), override (keys are
//     replaced), add-only (only new keys).
//  3. The options of the command line are set, last one last.
//  4. The keys are converted. A value of the wrong type counts as the default, as an
//     unknown key counts as nothing: the schema validation, which only reports, says so.
//
// Steps 1 and 2 check each file against the schema ([Schema]); the result is in
// [Config.Files].
package config

import (
	"io/fs"
	"time"

	"github.com/gyr-dev/gyr/compat"
)

// File is a configuration file that was read.
type File struct {
	Path string
	// Validation is "ok" or the first thing that does not fit the schema:
	// "failed for <root>[key]: ...".
	Validation string
}

// ValidationOK is the Validation of a file without faults.
const ValidationOK = "ok"

// Config is the configuration. It does not change after Load.
type Config struct {
	// Falco is the version of Falco to behave as.
	Falco compat.Version
	// Files are the files read, in order of their paths; empty without a file.
	Files []File
	// Folders are the folders among config_files.
	Folders []string
	// Warnings are for the log.
	Warnings []string

	WatchFiles bool
	// RulesFiles are files and folders, those that exist.
	RulesFiles []string
	// MissingRules are those that do not exist, as messages may show them.
	MissingRules []string
	RuleSelect   []RuleSelect
	RuleMatchAll bool
	// Priority is the least urgent priority of rules to load, 0 emergency to 7 debug.
	Priority int

	Engine  Engine
	Capture Capture

	// RestartSources has a source that failed opened again; otherwise it ends the run.
	RestartSources bool

	// Plugins are those to load, in that order.
	Plugins         []Plugin
	PluginsHostinfo bool

	TimeISO8601  bool
	BufferBase64 bool
	JSON         JSON
	AppendOutput []AppendOutput
	// StaticFields are fields with a fixed value, sorted by name.
	StaticFields []StaticField

	BufferedOutputs bool
	// QueueCapacity is the number of alerts that may wait for an output; 0 means that
	// the key is absent or 0.
	QueueCapacity int
	// OutputTimeout is after which time a blocked output is reported, and given up at the
	// end. ShutdownTimeout limits the end after a signal.
	OutputTimeout, ShutdownTimeout time.Duration
	Outputs                        Outputs
	Spool                          Spool

	Webserver Webserver
	Log       Log
	Metrics   Metrics

	root *node
}

// RuleSelect enables or disables the rules whose name fits a pattern with * or, if Rule
// is empty, that have a tag.
type RuleSelect struct {
	Enable    bool
	Rule, Tag string
}

// Engine says where events come from besides plugins.
type Engine struct {
	// Kind is kmod, modern_ebpf, nodriver or replay.
	Kind string
	// CaptureFile is what replay reads.
	CaptureFile string
}

// Capture is about recording events around alerts.
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
	// Name is the label that load_plugins uses.
	Name string
	// LibraryPath is as written.
	LibraryPath string
	// InitConfig and OpenParams are text as written, or JSON if it was a map or a sequence.
	InitConfig, OpenParams string
	// Concurrency is how many states extract at once, 0 if not given.
	Concurrency int
	// Pos is where the entry stands: "falco.yaml:12:5".
	Pos string
}

// JSON is about alerts in JSON.
type JSON struct {
	Output bool
	// What an alert includes.
	WithOutput, WithMessage, WithFields, WithTags, WithID bool
}

// AppendOutput adds to the output of the rules it matches.
type AppendOutput struct {
	// Source, Rule and Tags (all of them) restrict the rules; empty matches all.
	Source, Rule string
	Tags         []string
	// Output is appended to the output's text.
	Output string
	// Fields are added to the output fields.
	Fields    []ExtraField
	Suggested bool
}

// ExtraField is an additional output field: a plain field if Format is empty, else a text.
type ExtraField struct{ Key, Format string }

// StaticField is the field static.Name.
type StaticField struct{ Name, Value string }

// Outputs are the destinations of alerts.
type Outputs struct {
	Stdout, Syslog bool
	File           FileOutput
	Program        ProgramOutput
	HTTP           HTTPOutput
}

// Spool keeps alerts on disk.
type Spool struct {
	// Path is its folder; "" means none.
	Path string
	// MaxSize is in bytes.
	MaxSize int64
	// Interval has alerts count as stored before they are fsynced.
	Interval bool
	// DropOldest drops the oldest alerts when the spool is full, else sources wait.
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
	// Mode are the permissions of a new file; 0 leaves them to the umask.
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
	// Timeout ends a request.
	Timeout                time.Duration
	MaxConsecutiveTimeouts int
}

// Webserver is about health, versions and metrics over HTTP.
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

// Log says where log lines go.
type Log struct {
	Stderr, Syslog bool
	// Level is emergency, alert, critical, error, warning, notice, info or debug.
	Level string
	// Plugins says whether lines of plugins are logged, PluginLevel from which level on:
	// fatal, critical, error, warning, notice, info, debug or trace.
	Plugins     bool
	PluginLevel string
}

// Metrics is about gyr's own figures.
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
