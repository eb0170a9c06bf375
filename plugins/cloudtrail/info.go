// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"errors"
	"strconv"

	"github.com/gyr-dev/gyr/event"
	"github.com/gyr-dev/gyr/internal/jsonscan"
	"github.com/gyr-dev/gyr/sdk"
)

// summary makes ct.info: who, from where, did what, and to what.
type summary struct {
	user, source, failure, readOnly, name textGetter
	uri, bucket, key, host                textGetter
	size                                  numGetter
	identity, block                       int
	blocks                                [4]int
}

// blockNames are the switches of a bucket's public access block.
var blockNames = [4]string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}

func newSummary(b *jsonscan.Builder) *summary {
	s := &summary{
		user:     userName(b, nil),
		source:   text("sourceIPAddress")(b, nil),
		failure:  text("errorCode")(b, nil),
		readOnly: readOnly(b, nil),
		name:     text("eventName")(b, nil),
		size:     bytesMoved("bytesTransferredIn", "bytesTransferredOut")(b, nil),
		uri:      uri(b, nil),
		bucket:   text("requestParameters", "bucketName")(b, nil),
		key:      text("requestParameters", "key")(b, nil),
		host:     text("requestParameters", "Host")(b, nil),
	}
	s.identity = b.Add(jsonscan.Keys("userIdentity"))
	block := jsonscan.Keys("requestParameters", "PublicAccessBlockConfiguration")
	s.block = b.Add(block)
	for i, name := range blockNames {
		s.blocks[i] = b.Add(block.Then(name))
	}
	return s
}

// info is ct.info.
func info(b *jsonscan.Builder, _ *sdk.Request) textGetter {
	s := newSummary(b)
	return func(x *extraction) (text string, ok bool) {
		if x.line = s.append(x.line[:0], x); len(x.line) == 0 {
			return "", false
		}
		return x.mem.CopyString(x.line), true
	}
}

// append appends the summary of the event; nothing if the record has an identity without a
// name, which leaves nothing to begin with.
func (s *summary) append(dst []byte, x *extraction) []byte {
	user, hasUser := s.user(x)
	source, hasSource := s.source(x)
	name, hasName := s.name(x)
	switch {
	case !hasUser && x.present(s.identity):
		return dst
	case !hasUser:
		return append(dst, "<invalid cloudtrail event: userIdentity field missing>"...)
	case !hasSource:
		return append(dst, "<invalid cloudtrail event: eventSource field missing>"...)
	case !hasName:
		return append(dst, "<invalid cloudtrail event: eventName field missing>"...)
	}
	dst = append(dst, user...)
	if user != source {
		dst = append(append(dst, " via "...), source...)
	}
	dst = append(dst, ' ')
	if _, failed := s.failure(x); failed {
		dst = append(dst, '!')
	}
	if reads, _ := s.readOnly(x); reads == "false" {
		dst = append(dst, "→ "...)
	} else {
		dst = append(dst, "← "...)
	}
	dst = append(dst, name...)
	if name == "PutBucketPublicAccessBlock" {
		return s.appendBlock(dst, x)
	}
	return s.appendTarget(dst, x)
}

func (s *summary) appendBlock(dst []byte, x *extraction) []byte {
	if x.found.At(s.block).Kind != jsonscan.Object {
		return dst
	}
	for i, name := range blockNames {
		dst = append(append(append(dst, ' '), name...), '=')
		on, _ := x.flag(s.blocks[i])
		dst = append(dst, on...)
	}
	return append(dst, ' ')
}

// appendTarget appends the size of what was moved, and the closest name of its place.
func (s *summary) appendTarget(dst []byte, x *extraction) []byte {
	if size, ok := s.size(x); ok {
		dst = strconv.AppendUint(append(dst, " Size="...), size, 10)
	}
	if uri, ok := s.uri(x); ok {
		return append(append(dst, " URI="...), uri...)
	}
	if bucket, ok := s.bucket(x); ok {
		return append(append(dst, " Bucket="...), bucket...)
	}
	if key, ok := s.key(x); ok {
		return append(append(dst, " Key="...), key...)
	}
	if host, ok := s.host(x); ok {
		return append(append(dst, " Host="...), host...)
	}
	return dst
}

// line makes evt.plugininfo.
type line struct {
	set                        *jsonscan.Set
	region, user, source, name textGetter
	kind                       int
	summary                    *summary
}

var infoLine = func() (l line) {
	var b jsonscan.Builder
	l.region = text("awsRegion")(&b, nil)
	l.user = userName(&b, nil)
	l.kind = b.Add(jsonscan.Keys("userIdentity", "type"))
	l.source = text("eventSource")(&b, nil)
	l.name = text("eventName")(&b, nil)
	l.summary = newSummary(&b)
	l.set = b.Build()
	return l
}()

var (
	errNoSource = errors.New("<invalid JSON: event did not contain a source>")
	errNoRegion = errors.New("<invalid JSON: event did not contain an awsRegion>")
	errNoName   = errors.New("<invalid JSON: event did not contain an eventName>")
)

// AppendString implements [sdk.Stringer]: region, user or what Falco has in its place,
// service, event name, and the summary if there is one.
func (*plugin) AppendString(dst []byte, e *event.Event) ([]byte, error) {
	x := extractions.Get().(*extraction)
	defer x.done()
	if x.own == nil {
		x.own = event.NewArena(nil, nil)
	}
	x.own.Reset()
	x.mem = x.own
	if err := x.scan(infoLine.set, e); err != nil {
		return dst, err
	}
	source, hasSource := infoLine.source(x)
	region, hasRegion := infoLine.region(x)
	name, hasName := infoLine.name(x)
	switch {
	case !hasSource:
		return dst, errNoSource
	case !hasRegion:
		return dst, errNoRegion
	case !hasName:
		return dst, errNoName
	}
	dst = append(dst, region...)
	user, hasUser := infoLine.user(x)
	switch {
	case !hasUser:
		dst = append(dst, noUser(x.identityType(infoLine.kind))...) // without a space, as in Falco
	case user != "":
		dst = append(append(dst, ' '), user...)
	}
	dst = append(append(dst, ' '), trimService(source)...)
	dst = append(append(dst, ' '), name...)
	if x.line = infoLine.summary.append(x.line[:0], x); len(x.line) > 0 {
		dst = append(append(dst, ' '), x.line...)
	}
	return dst, nil
}
