// SPDX-License-Identifier: Apache-2.0

package rules

// problem is an error of a rules file: what is wrong, and where, as Falco sees it.
type problem struct {
	code Code
	msg  string
	at   *place
	// What people are shown, see [Issue].
	detail, hint string
	mark         *place
}

func newProblem(code Code, msg string, at *place) *problem {
	return &problem{code: code, msg: msg, at: at}
}

func (p *problem) issue() Issue {
	return Issue{Code: p.code, Message: p.msg, Detail: p.detail, Hint: p.hint, at: p.at, mark: p.mark}
}

// maxErrors bounds the errors of a file that are collected.
const maxErrors = 1000

func (l *loader) fail(p *problem) {
	if len(l.result.Errors) < maxErrors {
		if l.lenient {
			l.explain(p)
		}
		l.result.Errors = append(l.result.Errors, p.issue())
	}
}

// goOn is for problems after which a lenient loader can go on: it notes the problem then, and
// returns nil.
func (l *loader) goOn(p *problem) *problem {
	if p == nil || !l.lenient {
		return p
	}
	l.fail(p)
	return nil
}

// lastProblem holds back the last of several problems of a thing, which says that the thing is
// wrong; those before it are noted. If the loader is not lenient the first is the last.
type lastProblem struct {
	l *loader
	p *problem
}

// stop takes a problem, which may be nil, and reports whether to look no further.
func (o *lastProblem) stop(p *problem) bool {
	if p == nil {
		return false
	}
	if o.p != nil {
		o.l.fail(o.p)
	}
	o.p = p
	return !o.l.lenient
}

func (l *loader) warn(code Code, msg string, at *place) {
	l.result.Warnings = append(l.result.Warnings, newIssue(code, msg, at))
}

// note adds a warning that Falco does not give.
func (l *loader) note(code Code, msg, hint string, mark *place) {
	l.result.Notes = append(l.result.Notes, Issue{Code: code, Message: msg, Hint: hint, at: mark})
}
