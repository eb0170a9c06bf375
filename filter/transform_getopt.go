// SPDX-License-Identifier: Apache-2.0

package filter

import (
	"github.com/gyr-dev/gyr/abi"
	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/fields"
)

// newGetopt is getopt(arguments, "optstring"), with [c] behind it for one option.
func newGetopt(n *TransformNode, args []*Operand) (*Operand, string) {
	switch {
	case len(args) != 2:
		return nil, "getopt() requires exactly 2 arguments: args list and optstring"
	case !args[0].baseList:
		return nil, "getopt() first argument must be a list"
	case args[1].baseList:
		return nil, "getopt() second argument (optstring) must be a single value"
	case args[0].base != abi.String || args[1].base != abi.String:
		return nil, "getopt() arguments must be strings"
	case n.HasArg && len(n.Arg) != 1:
		return nil, "getopt() field argument must be a single option character"
	}
	e := getoptEval{args: newArgs(args), selected: n.HasArg}
	if n.HasArg {
		e.option = n.Arg[0]
	}
	return newMulti(args, !n.HasArg, e), ""
}

// getoptEval reads command line options as getopt(3) does. Its value is the list of
// options, each followed by its argument if it takes one; or, for a selected option, its
// last argument (its name if it takes none).
type getoptEval struct {
	args     []argEval
	selected bool
	option   byte
}

func (e getoptEval) bind(l *fields.Layout) evaluator { e.args = bindArgs(e.args, l); return e }

// What an option string says about an option.
const (
	optValid = 1 << iota
	optArg
)

func parseOptString(s string, opts *[256]uint8) {
	if s != "" && s[0] == ':' {
		s = s[1:]
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == ':' {
			continue
		}
		opts[c] |= optValid
		if i+1 < len(s) && s[i+1] == ':' {
			opts[c] |= optArg
			i++
		}
	}
}

func (e getoptEval) eval(env *Env, out *event.Value) bool {
	optString, ok := e.args[1].first(env)
	if !ok {
		return false
	}
	v := scratch(env)
	if !e.args[0].eval(env, v) {
		return false
	}
	if v.List == nil {
		one := env.Arena.Values(1)
		one[0] = *v
		v.List = one
	}
	for i := range v.List {
		v.List[i].Str = e.args[0].raw(env, &v.List[i])
	}
	var opts [256]uint8
	parseOptString(optString, &opts)
	r := getoptRun{getoptEval: e, env: env, argv: v.List, list: newValues(env, 2*len(v.List))}
	r.scan(&opts)
	if !e.selected {
		*out = event.Value{List: r.list, Present: true}
		return true
	}
	*out = event.StringValue(r.last)
	return r.found
}

// getoptRun is the state of one evaluation.
type getoptRun struct {
	getoptEval
	env   *Env
	argv  []event.Value
	list  []event.Value
	last  string
	found bool
}

// scan goes through the arguments up to "--" or the first that is no option. Long options
// are skipped.
func (r *getoptRun) scan(opts *[256]uint8) {
	for i := 0; i < len(r.argv); i++ {
		arg := r.argv[i].Str
		if arg == "--" {
			return
		}
		if len(arg) > 2 && arg[:2] == "--" {
			continue
		}
		if len(arg) < 2 || arg[0] != '-' {
			return
		}
		if r.cluster(arg, i, opts) {
			i++
		}
	}
}

// cluster reads the options in one argument. It returns true if the next one was used.
func (r *getoptRun) cluster(arg string, i int, opts *[256]uint8) (usedNext bool) {
	for j := 1; j < len(arg); j++ {
		opt := opts[arg[j]]
		if opt&optValid == 0 || arg[j] == ':' {
			if !r.selected {
				r.list = appendValue(r.env, r.list, "?")
			}
			continue
		}
		if opt&optArg == 0 {
			r.emit(arg[j], arg[j:j+1], "", false)
			continue
		}
		switch {
		case j+1 < len(arg):
			r.emit(arg[j], arg[j:j+1], arg[j+1:], true)
		case i+1 < len(r.argv):
			r.emit(arg[j], arg[j:j+1], r.argv[i+1].Str, true)
			return true
		default:
			r.emit(arg[j], "", "", false)
		}
		return false
	}
	return false
}

// emit adds an option to the result.
func (r *getoptRun) emit(opt byte, name, value string, hasValue bool) {
	if !r.selected {
		r.list = appendValue(r.env, r.list, name)
		if hasValue {
			r.list = appendValue(r.env, r.list, value)
		}
		return
	}
	if opt != r.option {
		return
	}
	r.found, r.last = true, name
	if hasValue {
		r.last = value
	}
}
