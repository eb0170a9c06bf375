// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gyr-dev/gyr/config"
)

// options are the flags of the root command.
type options struct {
	config      string
	set         []string
	rules       []string
	validate    []string
	enable      []string
	disable     []string
	pluginsDir  string
	pidfile     string
	print       string
	format      string
	maxSeconds  uint
	describe    string // the rule of -l
	describeAll bool
	pluginInfo  string
	listSource  string

	list, listEvents, listPlugins, ignored, namesOnly, markdown bool
	configSchema, ruleSchema, version, pageSize, support        bool
	dryRun, requireRules, unbuffered, verbose, summary          bool

	given bool // there was a flag or an argument
}

// noSource is the value of --list without one.
const noSource = "\x00"

// define declares the flags. --help prints their texts.
func (o *options) define(f *pflag.FlagSet) {
	f.SortFlags = false
	f.StringVarP(&o.config, "c", "c", "", "Read the configuration from this `path` (default "+defaultConfig+")")
	f.StringArrayVarP(&o.set, "option", "o", nil, "Set a `key=value` of the configuration: a.b=x, a.list[1]=x, a.list[]=x, a={b: x}; may be repeated")
	f.StringArrayVarP(&o.rules, "r", "r", nil, "Load this rules `file` or folder instead of rules_files; may be repeated")
	f.StringArrayVarP(&o.validate, "validate", "V", nil, "Validate this rules `file` and exit; may be repeated")
	f.BoolVarP(&o.describeAll, "L", "L", false, "Describe all rules and exit; as JSON, in detail, if json_output is set")
	f.StringVarP(&o.describe, "l", "l", "", "Describe one `rule` and exit")
	f.StringVar(&o.listSource, "list", "", "List the fields of all event sources, or of one `source`, and exit")
	f.Lookup("list").NoOptDefVal = noSource
	f.BoolVarP(&o.namesOnly, "N", "N", false, "With --list, print field names only")
	f.StringVar(&o.format, "format", "", "Output `format` of --list and --list-events: text, markdown or json")
	f.BoolVar(&o.markdown, "markdown", false, "Deprecated: use --format markdown")
	f.BoolVar(&o.listEvents, "list-events", false, "List the event types and exit")
	f.BoolVarP(&o.ignored, "i", "i", false, "List the ignored event types and exit")
	f.BoolVar(&o.listPlugins, "list-plugins", false, "Describe the configured plugins and exit")
	f.StringVar(&o.pluginInfo, "plugin-info", "", "Describe one configured `plugin`, by name or library_path, and exit")
	f.StringVar(&o.pluginsDir, "plugins-dir", "", "Resolve relative library_path values in this `folder` (default $GYR_PLUGINS_DIR, else plugins next to gyr, else "+config.PluginsDir+")")
	f.StringArrayVar(&o.enable, "enable-source", nil, "Enable only this event `source`; may be repeated")
	f.StringArrayVar(&o.disable, "disable-source", nil, "Disable this event `source`; may be repeated")
	f.BoolVar(&o.requireRules, "require-rules", false, "Fail if no rule is left to evaluate")
	f.BoolVar(&o.dryRun, "dry-run", false, "Load plugins and rules, then exit without opening sources and outputs")
	f.UintVarP(&o.maxSeconds, "M", "M", 0, "Stop after this many `seconds` of event time")
	f.StringVarP(&o.print, "print", "p", "", "Deprecated: append this `text` to the output of all rules; use -o append_output")
	f.StringVarP(&o.pidfile, "pidfile", "P", "", "Write the process ID to this `file`")
	f.BoolVarP(&o.unbuffered, "unbuffered", "U", false, "Do not buffer outputs; overrides buffered_outputs")
	f.BoolVarP(&o.verbose, "v", "v", false, "Print more: the event rate at the end, field types with --list")
	f.BoolVar(&o.summary, "summary", false, "Print a readable summary to stderr at the end: events, alerts by rule, and what plugins count")
	f.BoolVar(&o.configSchema, "config-schema", false, "Print the JSON schema of the configuration and exit")
	f.BoolVar(&o.ruleSchema, "rule-schema", false, "Print the JSON schema of rules files and exit")
	f.BoolVar(&o.support, "support", false, "Print the details that a bug report needs and exit")
	f.BoolVar(&o.pageSize, "page-size", false, "Print the system's page size and exit")
	f.BoolVar(&o.version, "version", false, "Print version information and exit; as JSON if json_output is set")
}

// complete checks the options and derives some from others.
func (o *options) complete(cmd *cobra.Command, args []string, stderr io.Writer) error {
	f := cmd.Flags()
	o.given = f.NFlag() > 0 || len(args) > 0
	if o.config != "" {
		file, err := os.Open(o.config)
		if err != nil {
			return fmt.Errorf("Could not find configuration file at %s", o.config)
		}
		file.Close()
	}
	if o.list = f.Changed("list"); o.list && o.listSource == noSource {
		o.listSource = ""
		if len(args) > 0 {
			o.listSource, args = args[0], args[1:]
		}
	}
	if len(args) > 0 {
		return unknownCommand(cmd, args[0])
	}
	return o.completeFormat(f, stderr)
}

func (o *options) completeFormat(f *pflag.FlagSet, stderr io.Writer) error {
	if o.markdown && f.Changed("format") {
		return errors.New("Cannot specify both --markdown and --format options together")
	}
	switch o.format = strings.ToLower(o.format); o.format {
	case "text", "markdown", "json":
	case "":
		o.format = "text"
		if o.markdown {
			fmt.Fprintln(stderr, "WARNING: --markdown is deprecated, use --format markdown instead.")
			o.format = "markdown"
		}
	default:
		return fmt.Errorf("Invalid format '%s'. Valid values are: text, markdown, json", o.format)
	}
	return nil
}

// helpText is the output of --help.
func helpText(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("gyr runs Falco plugins and Falco rules. It accepts Falco's flags.\n\nUsage:\n  gyr [flags]\n  gyr [command]\n")
	b.WriteString("\nExamples:\n" + root.Example + "\n\nAvailable Commands:\n")
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			fmt.Fprintf(&b, "  %-12s %s\n", c.Name(), c.Short)
		}
	}
	b.WriteString("\nFlags:\n")
	root.Flags().VisitAll(func(f *pflag.Flag) { writeFlag(&b, f) })
	b.WriteString("\nUse \"gyr [command] --help\" for more information about a command.\n")
	return b.String()
}

// writeFlag prints a flag. Falco's one-letter flags have no long form.
func writeFlag(b *strings.Builder, f *pflag.Flag) {
	arg, text := pflag.UnquoteUsage(f)
	name := "    --" + f.Name
	switch {
	case len(f.Name) == 1:
		name = "-" + f.Name
	case f.Shorthand != "":
		name = "-" + f.Shorthand + ", --" + f.Name
	}
	if f.Name == "list" {
		name += "[=" + arg + "]"
	} else if arg != "" && f.Value.Type() != "bool" {
		name += " " + arg
	}
	fmt.Fprintf(b, "  %-28s ", name)
	if len(name) > 28 {
		fmt.Fprintf(b, "\n%31s", "")
	}
	fmt.Fprintln(b, text)
}
