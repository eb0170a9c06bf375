// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"

	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

// splitter finds the records of a log file that arrives piece by piece. CloudTrail writes
// {"Records":[{...},...]}; what else is understood stands in document.go. Strings are
// respected, so brackets in them do no harm. Commas between documents, members and
// elements may be missing, or be there where none belongs.
//
// What a record contains is never looked at for records, whatever it looks like: people who
// call AWS decide about it, and could otherwise make up events.
//
// It implements [logfiles.Splitter].
type splitter struct {
	counters *counters
	log      *slog.Logger

	result jsonscan.Result
	quick  quick
	state  state
	arrays int     // arrays around the documents that have begun and not ended
	root   members // of the document that is read member by member
	skip   skipper // what has begun and is too large for the buffer

	dropped bool  // members of that document before its list were too large
	begun   bool  // there is something in the file
	listed  bool  // there is an array of documents, even if it is empty
	found   bool  // there is a list of records, even if it is empty, or a record
	fault   error // of a document that was left out, nil if there was none
	counts  tally
	largest int // size of the largest record that was too large, if it is known
	digests int // documents that are digests
}

// state is what the splitter expects next, beside white space and commas.
type state uint8

const (
	inFile   state = iota // a document, or the beginning or end of an array of them
	inRoot                // a member or the end of a document with a list of records
	inList                // a record or the end of the list
	inEvents              // a result of lookup-events or the end of their list
)

// Reset implements [logfiles.Splitter].
func (s *splitter) Reset() {
	s.result.Forget()
	*s = splitter{counters: s.counters, log: s.log, result: s.result, quick: s.quick}
}

// Done implements [logfiles.Splitter].
func (s *splitter) Done(name string) {
	if s.digests > 0 {
		s.counters.digests.Add(1)
	}
	for r := taken + 1; r < reasons; r++ {
		if n := s.counts[r]; n > 0 {
			s.counters.skip(r, n, s.largest, name, s.log)
		}
	}
}

// Split implements [logfiles.Splitter]. Records that are written as texts are made readable in
// buf itself.
func (s *splitter) Split(buf []byte, pos int, last bool, out []logfiles.Span) (int, []logfiles.Span, error) {
	if pos = s.skip.run(buf, pos); s.skip.on {
		return pos, out, s.end(last, false)
	}
	s.quick.reset(buf, pos)
	for {
		pos = jsonscan.SkipSpace(buf, pos)
		if pos == len(buf) {
			break
		}
		if buf[pos] == ',' {
			pos++
			continue
		}
		var next int
		switch s.state {
		case inFile:
			next, out = s.file(buf, pos, last, out)
		case inRoot:
			next = s.member(buf, pos, last)
		case inList:
			next, out = s.element(buf, pos, last, out)
		case inEvents:
			next, out = s.lookup(buf, pos, last, out)
		}
		if next < 0 && ^next == len(buf) {
			break // not enough bytes
		}
		if next < 0 {
			return ^next, out, s.unexpected(buf, ^next)
		}
		pos = next
	}
	return pos, out, s.end(last, pos == len(buf))
}

// unexpected is the error for what stands at buf[pos].
func (s *splitter) unexpected(buf []byte, pos int) error {
	if c := buf[pos]; !s.found && (c == 0 || c >= 0xFE) {
		return errors.New("the text is UTF-16 or UTF-32; logs have to be UTF-8")
	}
	return fmt.Errorf("not a log of records: unexpected %q", buf[pos])
}

// end says, if last, whether the file may end here; done tells that nothing has only begun.
func (s *splitter) end(last, done bool) error {
	done = done && s.state == inFile && s.arrays == 0
	switch {
	case !last:
		return nil
	case !done && s.found:
		return errors.New("the file ends in the middle of its records")
	case !done:
		return errors.New("the file ends too early")
	case !s.begun:
		return errors.New("the file is empty")
	case !s.found && s.fault != nil:
		return s.fault
	case !s.found && s.digests == 0 && (!s.listed || s.counts[noRecord] > 0):
		return errors.New("the file has no records")
	}
	return nil
}

// The methods below take one step from buf[pos], which is neither white space nor a comma,
// and return the position behind it. A negative one is ^position of the damage, or
// ^len(buf) if there are not enough bytes.

// byteOrderMark may stand before a document: files are put together of others.
var byteOrderMark = []byte("\xEF\xBB\xBF")

// file takes a document, or a bracket of an array around documents.
func (s *splitter) file(buf []byte, pos int, last bool, out []logfiles.Span) (int, []logfiles.Span) {
	if rest := buf[pos:]; bytes.HasPrefix(rest, byteOrderMark) {
		return pos + len(byteOrderMark), out
	} else if !last && bytes.HasPrefix(byteOrderMark, rest) {
		return ^len(buf), out
	}
	s.begun = true
	switch c := buf[pos]; {
	case c == '[':
		s.arrays++
		s.listed = true
		return pos + 1, out
	case c == ']' && s.arrays > 0:
		s.arrays--
		return pos + 1, out
	case c == '{':
		return s.document(buf, pos, last, true, out)
	case c == '"':
		return s.quoted(buf, pos, last, out)
	case s.arrays > 0:
		return s.other(buf, pos, last), out
	}
	return ^pos, out
}

// other takes a value that is no record.
func (s *splitter) other(buf []byte, pos int, last bool) int {
	next := skipWhole(buf, pos, last)
	if next >= 0 {
		s.counts[noRecord]++
	}
	return next
}

// skipWhole is SkipValue for a value that may go on behind buf.
func skipWhole(buf []byte, pos int, last bool) int {
	end, ok := jsonscan.SkipValue(buf, pos)
	if !ok || end == len(buf) && !last {
		return ^end
	}
	return end
}
