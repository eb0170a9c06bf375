// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// told is what a message tells: objects that are there, or a record itself.
type told struct {
	objects []location
	record  string // an event of EventBridge with a record in it; "" if there is none
}

// location is where an object lies.
type location struct {
	bucket, key string
	size        int64
}

// errNotUnderstood means that a message is none of those that are known.
var errNotUnderstood = errors.New("the message is neither a notification of CloudTrail or S3 nor an event of EventBridge")

// parseMessage reads the body of a message: a notification of CloudTrail or of S3, or an event of
// EventBridge, as it is or wrapped by SNS. A message that tells of nothing, such as S3's test,
// has no objects.
func parseMessage(body string) (told, error) {
	var sns struct{ Type, Message string }
	if err := json.Unmarshal([]byte(body), &sns); err != nil {
		return told{}, errNotUnderstood
	}
	if sns.Type == "Notification" {
		body = sns.Message
	}
	var m message
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return told{}, errNotUnderstood
	}
	switch {
	case m.Bucket != "" && m.Keys != nil:
		return m.ofCloudTrail(), nil
	case m.Event == "s3:TestEvent":
		return told{}, nil
	case m.Records != nil:
		return m.ofS3()
	case len(m.Detail) > 0 && m.Detail[0] == '{':
		return m.ofEventBridge(body)
	}
	return told{}, errNotUnderstood
}

// message has the members of all kinds of messages that tell them apart.
type message struct {
	Bucket  string            `json:"s3Bucket"`    // of CloudTrail
	Keys    []string          `json:"s3ObjectKey"` // of CloudTrail
	Event   string            `json:"Event"`       // of S3's test
	Records []json.RawMessage `json:"Records"`     // of S3
	Source  string            `json:"source"`      // of EventBridge
	Kind    string            `json:"detail-type"` // of EventBridge
	Detail  json.RawMessage   `json:"detail"`      // of EventBridge
}

// ofCloudTrail takes the keys as they are.
func (m *message) ofCloudTrail() (t told) {
	for _, key := range m.Keys {
		t.objects = append(t.objects, location{bucket: m.Bucket, key: key})
	}
	return t
}

// s3Names are the names in events of S3.
type s3Names struct {
	Bucket struct {
		Name string `json:"name"`
	} `json:"bucket"`
	Object struct {
		Key  string `json:"key"`
		Size int64  `json:"size"`
	} `json:"object"`
}

func (n *s3Names) location() location {
	return location{bucket: n.Bucket.Name, key: n.Object.Key, size: n.Object.Size}
}

// ofS3 takes the objects that were created. Their keys are encoded as in the query of a URL.
func (m *message) ofS3() (t told, err error) {
	for _, raw := range m.Records {
		var r struct {
			Name string   `json:"eventName"`
			S3   *s3Names `json:"s3"`
		}
		if err := json.Unmarshal(raw, &r); err != nil || r.S3 == nil || r.S3.Bucket.Name == "" {
			return told{}, errNotUnderstood
		}
		if !strings.HasPrefix(strings.TrimPrefix(r.Name, "s3:"), "ObjectCreated:") {
			continue
		}
		o := r.S3.location()
		if o.key, err = url.QueryUnescape(o.key); err != nil {
			return told{}, errNotUnderstood
		}
		t.objects = append(t.objects, o)
	}
	return t, nil
}

// ofEventBridge takes an object that was created, whose key is as it is, or else the event: its
// detail is a record.
func (m *message) ofEventBridge(body string) (told, error) {
	if m.Source != "aws.s3" || strings.HasSuffix(m.Kind, "via CloudTrail") {
		return told{record: body}, nil
	}
	if m.Kind != "Object Created" {
		return told{}, nil
	}
	var n s3Names
	if err := json.Unmarshal(m.Detail, &n); err != nil || n.Bucket.Name == "" || n.Object.Key == "" {
		return told{}, errNotUnderstood
	}
	return told{objects: []location{n.location()}}, nil
}
