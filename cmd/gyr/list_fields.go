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
)

// fieldClass is a group of fields, with the event sources that have it.
type fieldClass struct {
	name    string
	sources []string
	fields  []*fields.Field
}

// listFields prints the fields of all event sources, or of the source of --list=source.
func (a *app) listFields(asm *assembly.Assembly) error {
	want := a.opts.listSource
	if want != "" && want != assembly.SyscallSource && asm.Source(want) == nil {
		return errors.New("Value for --list must be a valid source type")
	}
	classes := fieldClasses(asm.Catalogue.Fields, want)
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

// fieldClasses groups the fields of the sources by class. A class that several sources
// share appears once.
func fieldClasses(cat *fields.Catalogue, only string) []*fieldClass {
	var out []*fieldClass
	byName := map[string]*fieldClass{}
	for _, src := range cat.Sources() {
		if only != "" && src != only {
			continue
		}
		first := map[*fieldClass]bool{} // classes that this source shows first
		for _, f := range cat.Fields(src) {
			c := byName[f.Class]
			if c == nil {
				c = &fieldClass{name: f.Class}
				byName[f.Class] = c
				out = append(out, c)
				first[c] = true
			}
			if !slices.Contains(c.sources, src) {
				c.sources = append(c.sources, src)
			}
			if first[c] && !f.Hidden() {
				c.fields = append(c.fields, f)
			}
		}
	}
	for _, c := range out {
		slices.Sort(c.sources)
	}
	return out
}

// classTexts describes the classes that do not belong to a plugin.
var classTexts = map[string]string{
	fields.GenericClass: "Fields available for every event.",
	fields.StaticClass:  "Fields with a fixed value, defined by static_fields in the configuration.",
}

func (a *app) writeTextClass(c *fieldClass) {
	t := a.columns(30, 120)
	fmt.Fprintln(a.page, "-------------------------------")
	fmt.Fprintf(a.page, "%-30s%s\n", "Field Class:", c.name)
	if text := classTexts[c.name]; text != "" {
		fmt.Fprintln(a.page, t.field("Description:", text))
	}
	fmt.Fprintf(a.page, "%-30s%s \n\n", "Event Sources:", strings.Join(c.sources, " "))
	for _, f := range c.fields {
		desc := f.Desc
		if tags := argTags(f.Arg); tags != nil {
			desc = "(" + strings.Join(tags, ",") + ") " + desc
		}
		if a.opts.verbose {
			desc = "(Type: " + typeName(f) + ") " + desc
		}
		fmt.Fprintln(a.page, t.field(f.Name, desc))
	}
	fmt.Fprintln(a.page)
}

// field returns a row about a field. A long name has a line of its own.
func (c columns) field(name, text string) string {
	if c.stacked || len(name) > c.indent {
		return name + "\n" + strings.Repeat(" ", c.indent) + c.wrap(text)
	}
	return fmt.Sprintf("%-*s%s", c.indent, name, c.wrap(text))
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

func (a *app) writeMarkdownClass(c *fieldClass) {
	fmt.Fprintf(a.stdout, "## Field Class: %s\n\n", c.name)
	if text := classTexts[c.name]; text != "" {
		fmt.Fprintf(a.stdout, "%s\n\n", text)
	}
	fmt.Fprintf(a.stdout, "Event Sources: %s \n\nName | Type | Description\n:----|:-----|:-----------\n", strings.Join(c.sources, " "))
	for _, f := range c.fields {
		typ := typeName(f)
		if f.List {
			typ = "LIST(" + typ + ")"
		}
		fmt.Fprintf(a.stdout, "`%s` | %s | %s\n", f.Name, typ, f.Desc)
	}
	fmt.Fprintln(a.stdout)
}

func (a *app) writeFieldNames(classes []*fieldClass) error {
	names := []string{}
	for _, c := range classes {
		for _, f := range c.fields {
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

func (a *app) writeFieldsJSON(classes []*fieldClass) error {
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
		k := class{Name: c.name, Desc: classTexts[c.name], Sources: c.sources, Fields: []field{}}
		for _, f := range c.fields {
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
