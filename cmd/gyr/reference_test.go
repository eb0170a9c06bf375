// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gyr-dev/gyr/internal/fieldtable"
)

var updateDocs = flag.Bool("update-docs", false, "write the tables of docs/CLI.md")

//go:generate go test -run TestReference -update-docs .

// TestReference compares docs/CLI.md with the flags and commands.
func TestReference(t *testing.T) {
	root := newRoot(newApp(io.Discard, io.Discard))
	var commands strings.Builder
	describeCommands(&commands, root)
	fieldtable.TestSections(
		t, "../../docs/CLI.md", *updateDocs,
		fieldtable.Section{Name: "flags", Body: flagTable(root.Flags())},
		fieldtable.Section{Name: "commands", Body: commands.String()},
	)
}

func flagTable(flags *pflag.FlagSet) string {
	var b strings.Builder
	b.WriteString(fieldtable.Head("flag", "meaning"))
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		var line strings.Builder
		writeFlag(&line, f)
		_, text := pflag.UnquoteUsage(f)
		name := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line.String()), text))
		b.WriteString(fieldtable.Row("`"+name+"`", text))
	})
	return b.String()
}

var unindent = regexp.MustCompile(`(?m)^  `)

// describeCommands writes a section for each runnable command.
func describeCommands(b *strings.Builder, cmd *cobra.Command) {
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() || c.Name() == "completion" {
			continue
		}
		if c.HasSubCommands() {
			describeCommands(b, c)
			continue
		}
		b.WriteString("### " + strings.TrimSuffix(c.UseLine(), " [flags]") + "\n\n" + strings.TrimSuffix(about(c), ".") + ".\n\n")
		if c.Example != "" {
			b.WriteString("```\n" + unindent.ReplaceAllString(c.Example, "") + "\n```\n\n")
		}
		switch table := flagTable(c.LocalFlags()); {
		case table == flagTable(c.Root().Flags()):
			b.WriteString("It accepts the flags of gyr, listed above.\n\n")
		case c.LocalFlags().HasAvailableFlags():
			b.WriteString(table + "\n")
		}
	}
}
