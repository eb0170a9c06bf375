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
	dryRun, unbuffered, verbose, summary                        bool

	given bool // there was a flag or an argument
}

// noSource is the value of --list without one.
const noSource = "\x00"

// define declares the flags. Their texts are those of --help.
func (o *options) define(f *pflag.FlagSet) {
	f.SortFlags = false
	f.StringVarP(&o.config, "c", "c", "", "`path` of the configuration file, else "+defaultConfig)
	f.StringArrayVarP(&o.set, "option", "o", nil, "set a `key=value` of the configuration: a.b=x, a.list[1]=x, a.list[]=x, a={b: x}; may be repeated")
	f.StringArrayVarP(&o.rules, "r", "r", nil, "rules `file` or folder, instead of those of the configuration; may be repeated")
	f.StringArrayVarP(&o.validate, "validate", "V", nil, "check a rules `file` and exit; may be repeated")
	f.BoolVarP(&o.describeAll, "L", "L", false, "describe all rules and exit; details as JSON if json_output is set")
	f.StringVarP(&o.describe, "l", "l", "", "describe one `rule` and exit")
	f.StringVar(&o.listSource, "list", "", "list the fields, of all event sources or of one `source`, and exit")
	f.Lookup("list").NoOptDefVal = noSource
	f.BoolVarP(&o.namesOnly, "N", "N", false, "with --list, print only names")
	f.StringVar(&o.format, "format", "", "with --list and --list-events: text, markdown or json")
	f.BoolVar(&o.markdown, "markdown", false, "deprecated: --format markdown")
	f.BoolVar(&o.listEvents, "list-events", false, "list the event types and exit")
	f.BoolVarP(&o.ignored, "i", "i", false, "list the event types that are ignored and exit")
	f.BoolVar(&o.listPlugins, "list-plugins", false, "describe the plugins of the configuration and exit")
	f.StringVar(&o.pluginInfo, "plugin-info", "", "describe one `plugin` of the configuration, by name or library_path, and exit")
	f.StringVar(&o.pluginsDir, "plugins-dir", "", "`folder` that library_path is relative to, else $GYR_PLUGINS_DIR, plugins beside gyr, or "+config.PluginsDir)
	f.StringArrayVar(&o.enable, "enable-source", nil, "enable only this event `source`; may be repeated")
	f.StringArrayVar(&o.disable, "disable-source", nil, "disable this event `source`; may be repeated")
	f.BoolVar(&o.dryRun, "dry-run", false, "do everything but open sources and outputs")
	f.UintVarP(&o.maxSeconds, "M", "M", 0, "stop after this many `seconds` of event time")
	f.StringVarP(&o.print, "print", "p", "", "deprecated: append this `text` to the output of all rules (-o append_output)")
	f.StringVarP(&o.pidfile, "pidfile", "P", "", "write the process id to this `file`")
	f.BoolVarP(&o.unbuffered, "unbuffered", "U", false, "do not buffer outputs, whatever the configuration says")
	f.BoolVarP(&o.verbose, "v", "v", false, "say more")
	f.BoolVar(&o.summary, "summary", false, "end with a summary for people on the standard error")
	f.BoolVar(&o.configSchema, "config-schema", false, "print the JSON schema of the configuration and exit")
	f.BoolVar(&o.ruleSchema, "rule-schema", false, "print the JSON schema of rules files and exit")
	f.BoolVar(&o.support, "support", false, "print what a bug report needs and exit")
	f.BoolVar(&o.pageSize, "page-size", false, "print the page size of the system and exit")
	f.BoolVar(&o.version, "version", false, "print versions and exit; as JSON if json_output is set")
}

// complete checks the options and derives some from others.
func (o *options) complete(f *pflag.FlagSet, args []string, stderr io.Writer) error {
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
		return fmt.Errorf("unexpected argument %q", args[0])
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

// helpText is what --help prints.
func helpText(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("gyr runs Falco plugins and Falco rules. It takes the flags of falco.\n\nUsage:\n  gyr [flags]\n")
	if subs := root.Commands(); len(subs) > 0 {
		b.WriteString("  gyr COMMAND\n\nCommands:\n")
		for _, c := range subs {
			if c.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-12s %s\n", c.Name(), c.Short)
			}
		}
	}
	b.WriteString("\nFlags:\n")
	root.Flags().VisitAll(func(f *pflag.Flag) { writeFlag(&b, f) })
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
