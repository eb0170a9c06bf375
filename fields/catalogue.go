// SPDX-License-Identifier: Apache-2.0

package fields

import (
	"fmt"
	"strings"

	"github.com/gyr-dev/gyr/abi"
)

// Catalogue holds the fields of each event source. It is filled while plugins are loaded and
// read-only afterwards; it is then safe for concurrent use.
type Catalogue struct {
	order   []string
	sources map[string]*sourceFields
}

// sourceFields holds the fields of one event source by class. Names are resolved class by
// class, see Resolve.
type sourceFields struct {
	all     []*Field
	byName  map[string]*Field
	classes []*class
}

type class struct {
	name   string
	owner  Extractor
	fields []*Field
}

// GenericClasses are the classes that the host provides for every source. Their fields take
// no arguments; with brackets they are unknown fields.
var GenericClasses = []string{"evt", "static"}

func (c *class) generic() bool {
	for _, g := range GenericClasses {
		if c.name == g {
			return true
		}
	}
	return false
}

// OverlapError reports two fields with the same name for one source.
type OverlapError struct {
	Field, Source string
}

func (e *OverlapError) Error() string {
	return fmt.Sprintf("field %s is defined twice for event source %s", e.Field, e.Source)
}

// NewCatalogue returns an empty catalogue.
func NewCatalogue() *Catalogue { return &Catalogue{sources: make(map[string]*sourceFields)} }

// AddSource adds an event source, unless it exists.
func (c *Catalogue) AddSource(name string) {
	if c.sources[name] == nil {
		c.order = append(c.order, name)
		c.sources[name] = &sourceFields{byName: make(map[string]*Field)}
	}
}

// Sources returns the event sources in the order of their addition.
func (c *Catalogue) Sources() []string { return c.order }

// Add adds the fields that owner extracts, under a class title. The ID of a field is its
// index in infos. On an [*OverlapError] nothing is added.
func (c *Catalogue) Add(source, class string, owner Extractor, infos []abi.FieldInfo) error {
	c.AddSource(source)
	s := c.sources[source]
	for i := range infos {
		if s.byName[infos[i].Name] != nil {
			return &OverlapError{infos[i].Name, source}
		}
	}
	for i := range infos {
		f := &Field{FieldInfo: infos[i], ID: uint32(i), Owner: owner, Class: class}
		if err := c.AddField(source, f); err != nil {
			return err
		}
	}
	return nil
}

// AddField adds one field. The error is an [*OverlapError].
func (c *Catalogue) AddField(source string, f *Field) error {
	c.AddSource(source)
	s := c.sources[source]
	if s.byName[f.Name] != nil {
		return &OverlapError{f.Name, source}
	}
	s.byName[f.Name] = f
	s.all = append(s.all, f)
	for _, k := range s.classes {
		if k.name == f.Class && k.owner == f.Owner {
			k.fields = append(k.fields, f)
			return nil
		}
	}
	s.classes = append(s.classes, &class{f.Class, f.Owner, []*Field{f}})
	return nil
}

// Lookup returns the field with exactly this name, or nil.
func (c *Catalogue) Lookup(source, name string) *Field {
	if s := c.sources[source]; s != nil {
		return s.byName[name]
	}
	return nil
}

// Fields returns the fields of a source in the order of their addition. The caller must not
// change the slice.
func (c *Catalogue) Fields(source string) []*Field {
	if s := c.sources[source]; s != nil {
		return s.all
	}
	return nil
}

// Resolve resolves a field reference of a source, name or name[argument], and checks the
// argument. Errors have Falco's texts.
//
// As in Falco, the first class with a field name that is a prefix of text decides. If the
// longest such field does not match the entire text, no other class is tried.
func (c *Catalogue) Resolve(source, text string) (Ref, error) {
	if s := c.sources[source]; s != nil {
		for _, k := range s.classes {
			f := k.longest(text)
			if f == nil {
				continue
			}
			ref, n, err := k.parse(f, text)
			if err != nil {
				return Ref{}, err
			}
			if n < 0 {
				continue
			}
			if n != len(text) {
				break
			}
			return ref, nil
		}
	}
	return Ref{}, fmt.Errorf("filter_check called with nonexistent field %s", text)
}

// longest returns the field with the longest name that is a prefix of text.
func (k *class) longest(text string) *Field {
	var best *Field
	for _, f := range k.fields {
		if strings.HasPrefix(text, f.Name) && (best == nil || len(f.Name) > len(best.Name)) {
			best = f
		}
	}
	return best
}

// parse parses a reference to f at the start of text and returns its length, or -1 if text
// refers to another field.
func (k *class) parse(f *Field, text string) (Ref, int, error) {
	if k.generic() {
		return Ref{Field: f}, len(f.Name), nil
	}
	val, _, _ := strings.Cut(text, " ")
	val = strings.Trim(val, " \t\n\v\f\r")
	name, rest, bracket := strings.Cut(val, "[")
	if !bracket {
		if f.Arg.Required {
			return Ref{}, 0, fmt.Errorf("filter '%s': %s requires an argument but none provided", val, f.Name)
		}
		return Ref{Field: f}, len(f.Name), nil
	}
	if len(name) != len(f.Name) {
		return Ref{}, -1, nil
	}
	if rest == "" {
		return Ref{}, 0, fmt.Errorf("filter '%s': %s terminates with incomplete argument brackets", val, f.Name)
	}
	arg, _, closed := strings.Cut(rest, "]")
	if !closed {
		return Ref{}, 0, fmt.Errorf("filter '%s': %s has unbalanced argument brackets", val, f.Name)
	}
	ref := Ref{Field: f, Arg: arg, HasArg: true}
	if !f.Arg.Allowed() {
		return Ref{}, 0, fmt.Errorf("filter '%s': %s does not allow nor require an argument but one is provided: %s", val, f.Name, arg)
	}
	if f.Arg.Index {
		i, complaint := parseIndex(arg)
		if complaint == "" {
			ref.ByIndex, ref.Index = true, i
		} else if !f.Arg.Key {
			return Ref{}, 0, fmt.Errorf("filter %s %s has an invalid index argument %s: %s", val, f.Name, complaint, arg)
		}
	}
	return ref, len(name) + len(arg) + 2, nil
}

// parseIndex parses an index. complaint describes what is wrong with it.
func parseIndex(arg string) (i uint64, complaint string) {
	if arg == "" || len(arg) > 1 && arg[0] == '0' {
		complaint = "starting with 0"
	}
	for _, d := range []byte(arg) {
		if d < '0' || d > '9' {
			return 0, "not composed only by digits"
		}
		if complaint != "" {
			continue
		}
		if i > (^uint64(0)-uint64(d-'0'))/10 {
			return 0, "not representable on 64 bit"
		}
		i = i*10 + uint64(d-'0')
	}
	return i, complaint
}
