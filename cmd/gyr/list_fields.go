// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/assembly"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/internal/screen"
)

// listFields prints the fields of all event sources, or of the source of --list=source.
func (a *app) listFields(asm *assembly.Assembly) error {
	want := a.opts.listSource
	if want != "" && want != assembly.SyscallSource && asm.Source(want) == nil {
		return errors.New("Value for --list must be a valid source type")
	}
	classes := asm.Catalogue.Fields.Classes(want)
	if a.opts.namesOnly {
		return a.writeFieldNames(classes)
	}
	switch a.opts.format {
	case "json":
		return a.writeFieldsJSON(classes)
	case "markdown":
		for _, c := range classes {
			a.writeMarkdownClass(c)
		}
	default:
		for _, c := range classes {
			a.writeTextClass(c)
		}
	}
	return nil
}

// classTexts describes the classes that do not belong to a plugin.
var classTexts = map[string]string{
	fields.GenericClass: "Fields available for every event.",
	fields.StaticClass:  "Fields with a fixed value, defined by static_fields in the configuration.",
}

func (a *app) writeTextClass(c *fields.FieldClass) {
	t := screen.NewColumns(30, 120, a.width)
	fmt.Fprintln(a.page, "-------------------------------")
	fmt.Fprintf(a.page, "%-30s%s\n", "Field Class:", c.Name)
	if text := classTexts[c.Name]; text != "" {
		fmt.Fprintln(a.page, t.Entry("Description:", text))
	}
	fmt.Fprintf(a.page, "%-30s%s \n\n", "Event Sources:", strings.Join(c.Sources, " "))
	for _, f := range c.Fields {
		desc := f.Desc
		if tags := argTags(f.Arg); tags != nil {
			desc = "(" + strings.Join(tags, ",") + ") " + desc
		}
		if a.opts.verbose {
			desc = "(Type: " + typeName(f) + ") " + desc
		}
		fmt.Fprintln(a.page, t.Entry(f.Name, desc))
	}
	fmt.Fprintln(a.page)
}

// argTags returns the tags that tell whether a field takes an argument, and of which kind.
func argTags(arg abi.FieldArg) []string {
	if !arg.Allowed() {
		return nil
	}
	tags := []string{"ARG_ALLOWED"}
	if arg.Required {
		tags[0] = "ARG_REQUIRED"
	}
	if arg.Index {
		tags = append(tags, "ARG_INDEX")
	}
	if arg.Key {
		tags = append(tags, "ARG_KEY")
	}
	slices.Sort(tags)
	return tags
}

func (a *app) writeMarkdownClass(c *fields.FieldClass) {
	fmt.Fprintf(a.stdout, "## Field Class: %s\n\n", c.Name)
	if text := classTexts[c.Name]; text != "" {
		fmt.Fprintf(a.stdout, "%s\n\n", text)
	}
	fmt.Fprintf(a.stdout, "Event Sources: %s \n\nName | Type | Description\n:----|:-----|:-----------\n", strings.Join(c.Sources, " "))
	for _, f := range c.Fields {
		typ := typeName(f)
		if f.List {
			typ = "LIST(" + typ + ")"
		}
		fmt.Fprintf(a.stdout, "`%s` | %s | %s\n", f.Name, typ, f.Desc)
	}
	fmt.Fprintln(a.stdout)
}

func (a *app) writeFieldNames(classes []*fields.FieldClass) error {
	names := []string{}
	for _, c := range classes {
		for _, f := range c.Fields {
			names = append(names, f.Name)
		}
	}
	if a.opts.format == "json" {
		return a.printIndented(map[string]any{"fieldnames": names})
	}
	for _, n := range names {
		fmt.Fprintln(a.stdout, n)
	}
	return nil
}

// typeName returns the type as lists show it.
func typeName(f *fields.Field) string { return strings.ToUpper(typeNames[f.Type]) }

var typeNames = map[abi.FieldType]string{
	abi.Uint64: "uint64", abi.String: "charbuf", abi.RelTime: "reltime", abi.AbsTime: "abstime",
	abi.Bool: "bool", abi.IPAddr: "ipaddr", abi.IPNet: "ipnet",
}

func (a *app) writeFieldsJSON(classes []*fields.FieldClass) error {
	type argument struct {
		Required bool     `json:"required"`
		Type     []string `json:"type"`
	}
	type field struct {
		Name     string    `json:"name"`
		Type     string    `json:"type"`
		Desc     string    `json:"desc"`
		List     bool      `json:"is_list"`
		Argument *argument `json:"argument"`
	}
	type class struct {
		Name    string   `json:"name"`
		Desc    string   `json:"desc,omitempty"`
		Sources []string `json:"event_sources"`
		Fields  []field  `json:"fields"`
	}
	list := []class{}
	for _, c := range classes {
		k := class{Name: c.Name, Desc: classTexts[c.Name], Sources: c.Sources, Fields: []field{}}
		for _, f := range c.Fields {
			to := field{Name: f.Name, Type: typeName(f), Desc: f.Desc, List: f.List}
			if f.Arg.Allowed() {
				to.Argument = &argument{Required: f.Arg.Required, Type: []string{}}
				if f.Arg.Index {
					to.Argument.Type = append(to.Argument.Type, "INDEX")
				}
				if f.Arg.Key {
					to.Argument.Type = append(to.Argument.Type, "KEY")
				}
			}
			k.Fields = append(k.Fields, to)
		}
		list = append(list, k)
	}
	return a.printIndented(map[string]any{"fieldclasses": list})
}

// printIndented prints v as indented JSON.
func (a *app) printIndented(v any) error {
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s\n", out)
	return nil
}
