// SPDX-License-Identifier: Apache-2.0

package template

import (
	"sort"
	"strings"

	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/alert"
	"github.com/gyr-dev/gyr/compat"
	"github.com/gyr-dev/gyr/fields"
	"github.com/gyr-dev/gyr/filter"
)

// Fields are the output fields of a rule. It is immutable and may be used by many
// goroutines, each with its own [filter.Env].
type Fields struct {
	members []member
}

// member is a member of the JSON object: a field, a text, or null.
type member struct {
	name string
	key  []byte // the name, encoded, with the colon
	cell int    // of a field
	kind kind
	list bool
	text *Template // of a text
	null bool
	// print: show only what is printable of the field
	print bool
}

// Builder collects the output fields of a rule. The zero value is empty. A name that is
// added again replaces what was added before.
type Builder struct {
	// Falco is the version that the fields are shown as in; to be set first.
	Falco compat.Version

	members []member
	byName  map[string]int
}

// AddTemplate adds the fields that t uses, also those within transformers; the results of
// transformers are not among the output fields.
func (b *Builder) AddTemplate(t *Template, layout *fields.Layout) {
	for _, op := range t.Operands() {
		for _, ref := range op.Refs() {
			b.add(b.fieldMember(Key(ref), ref, layout))
		}
	}
}

// AddField adds the value of an operand under a name. If it is not a field but a
// transformer, the value is null.
func (b *Builder) AddField(name string, op *filter.Operand, layout *fields.Layout) {
	if op.Plain() && Key(op.Refs()[0]) == name {
		b.add(b.fieldMember(name, op.Refs()[0], layout))
		return
	}
	b.add(member{name: name, null: true})
}

// AddText adds the text of a template under a name.
func (b *Builder) AddText(name string, t *Template) { b.add(member{name: name, text: t}) }

func (b *Builder) fieldMember(name string, ref fields.Ref, layout *fields.Layout) member {
	return member{
		name: name, cell: layout.Cell(ref), kind: kindOf(ref.Field), list: ref.Field.List,
		print: ref.Field.Printable && b.Falco.HidesControls(),
	}
}

func (b *Builder) add(m member) {
	m.key = append(alert.AppendQuoted(nil, m.name), ':')
	if i, ok := b.byName[m.name]; ok {
		b.members[i] = m
		return
	}
	if b.byName == nil {
		b.byName = make(map[string]int)
	}
	b.byName[m.name] = len(b.members)
	b.members = append(b.members, m)
}

// Build returns the fields that were added. The builder is not used any more.
func (b *Builder) Build() *Fields {
	sort.Slice(b.members, func(i, j int) bool { return b.members[i].name < b.members[j].name })
	return &Fields{b.members}
}

// AppendJSON appends the JSON object of the fields for an event: values have their types,
// absent ones are null, names are sorted. It allocates nothing but room in dst.
func (f *Fields) AppendJSON(dst []byte, env *filter.Env) []byte {
	dst = append(dst, '{')
	for i := range f.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		m := &f.members[i]
		dst = append(dst, m.key...)
		switch {
		case m.null:
			dst = append(dst, "null"...)
		case m.text != nil:
			dst = appendQuotedText(dst, m.text, env)
		case m.print:
			v := printable(*env.Cell(m.cell), env)
			dst = appendJSON(dst, &v, m.kind, m.list)
		default:
			dst = appendJSON(dst, env.Cell(m.cell), m.kind, m.list)
		}
	}
	return append(dst, '}')
}

// appendQuotedText renders t behind dst, appends the quoted form of that, and moves it to
// where it belongs: no other memory is needed.
func appendQuotedText(dst []byte, t *Template, env *filter.Env) []byte {
	start := len(dst)
	dst = t.AppendText(dst, env)
	end := len(dst)
	dst = alert.AppendQuoted(dst, dst[start:end])
	n := copy(dst[start:], dst[end:])
	return dst[:start+n]
}

func kindOf(f *fields.Field) kind {
	switch f.Type {
	case abi.Uint64:
		return kindUint
	case abi.RelTime, abi.AbsTime:
		if f.Class == fields.GenericClass {
			return kindInt
		}
		return kindUint
	case abi.Bool:
		return kindBool
	case abi.IPAddr:
		return kindAddr
	case abi.IPNet:
		return kindNet
	}
	if f.TimeText {
		return kindInt
	}
	return kindString
}

// Key returns the name of a field among the output fields: as it is written in rules, with
// an argument quoted only if it has to be.
func Key(r fields.Ref) string {
	if !r.HasArg {
		return r.Field.Name
	}
	if r.Arg == "" {
		return r.Field.Name + `[""]`
	}
	return r.Field.Name + "[" + escapeArg(r.Arg) + "]"
}

var argEscaper = strings.NewReplacer("\b", `\b`, "\f", `\f`, "\n", `\n`, "\r", `\r`, "\t", `\t`, `\`, `\\`, `"`, `\"`)

func escapeArg(s string) string {
	if !strings.ContainsAny(s, "\x00\b\f\n\r\t =\\\"'") {
		return s
	}
	return `"` + argEscaper.Replace(s) + `"`
}
