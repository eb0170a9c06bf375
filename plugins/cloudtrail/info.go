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
	user, source, failure, readOnly, name getter
	size, uri, bucket, key, host          getter
	block                                 int
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
	block := jsonscan.Keys("requestParameters", "PublicAccessBlockConfiguration")
	s.block = b.Add(block)
	for i, name := range blockNames {
		s.blocks[i] = b.Add(block.Then(name))
	}
	return s
}

// info is ct.info.
func info(b *jsonscan.Builder, _ *sdk.Request) getter {
	s := newSummary(b)
	return func(x *extraction) event.Value {
		x.line = s.append(x.line[:0], x)
		return event.StringValue(x.mem.CopyString(x.line))
	}
}

// append appends the summary of the event.
func (s *summary) append(dst []byte, x *extraction) []byte {
	user, source, name := s.user(x), s.source(x), s.name(x)
	switch {
	case !user.Present:
		return append(dst, "<invalid cloudtrail event: userIdentity field missing>"...)
	case !source.Present:
		return append(dst, "<invalid cloudtrail event: eventSource field missing>"...)
	case !name.Present:
		return append(dst, "<invalid cloudtrail event: eventName field missing>"...)
	}
	dst = append(dst, user.Str...)
	if user.Str != source.Str {
		dst = append(append(dst, " via "...), source.Str...)
	}
	dst = append(dst, ' ')
	if s.failure(x).Present {
		dst = append(dst, '!')
	}
	if s.readOnly(x).Str == "false" {
		dst = append(dst, "→ "...)
	} else {
		dst = append(dst, "← "...)
	}
	dst = append(dst, name.Str...)
	if name.Str == "PutBucketPublicAccessBlock" {
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
		dst = strconv.AppendBool(dst, x.found.At(s.blocks[i]).Kind == jsonscan.True)
	}
	return append(dst, ' ')
}

// appendTarget appends the size of what was moved, and the closest name of its place.
func (s *summary) appendTarget(dst []byte, x *extraction) []byte {
	if v := s.size(x); v.Present {
		dst = strconv.AppendUint(append(dst, " Size="...), v.Num, 10)
	}
	if v := s.uri(x); v.Present {
		return append(append(dst, " URI="...), v.Str...)
	}
	if v := s.bucket(x); v.Present {
		return append(append(dst, " Bucket="...), v.Str...)
	}
	if v := s.key(x); v.Present {
		return append(append(dst, " Key="...), v.Str...)
	}
	if v := s.host(x); v.Present {
		return append(append(dst, " Host="...), v.Str...)
	}
	return dst
}

// line makes evt.plugininfo.
type line struct {
	set                        *jsonscan.Set
	region, user, source, name getter
	summary                    *summary
}

var infoLine = func() (l line) {
	var b jsonscan.Builder
	l.region = text("awsRegion")(&b, nil)
	l.user = userName(&b, nil)
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

// AppendString implements [sdk.Stringer]: region, user if there is one, service, event
// name, and the summary.
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
	source, region, name := infoLine.source(x), infoLine.region(x), infoLine.name(x)
	switch {
	case !source.Present:
		return dst, errNoSource
	case !region.Present:
		return dst, errNoRegion
	case !name.Present:
		return dst, errNoName
	}
	dst = append(dst, region.Str...)
	if user := infoLine.user(x); user.Str != "" {
		dst = append(append(dst, ' '), user.Str...)
	}
	dst = append(append(dst, ' '), trimService(source.Str)...)
	dst = append(append(append(dst, ' '), name.Str...), ' ')
	return infoLine.summary.append(dst, x), nil
}
