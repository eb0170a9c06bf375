// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"encoding/json"
	"reflect"
	"testing"
)

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func TestParseMessage(t *testing.T) {
	f := func(body string, want told) {
		t.Helper()
		for _, b := range []string{body, `{"Type":"Notification","MessageId":"1","TopicArn":"arn","Message":` + quoted(body) + `,"Timestamp":"x"}`} {
			got, err := parseMessage(b)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %+v, %v, want %+v", b, got, err, want)
			}
		}
	}
	objects := func(list ...location) told { return told{objects: list} }
	f(`{"s3Bucket":"b","s3ObjectKey":["a+b%20c.json.gz","d.json"]}`, objects(location{"b", "a+b%20c.json.gz", 0}, location{"b", "d.json", 0}))
	f(`{"s3Bucket":"b","s3ObjectKey":[]}`, told{})
	f(`{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"a+b%2Bc%20d.json.gz","size":7}}},
		{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"gone.json"}}},
		{"eventName":"s3:ObjectCreated:CompleteMultipartUpload","s3":{"bucket":{"name":"c"},"object":{"key":"e.json"}}}]}`,
		objects(location{"b", "a b+c d.json.gz", 7}, location{"c", "e.json", 0}))
	f(`{"Records":[]}`, told{})
	f(`{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"x","Bucket":"b"}`, told{})
	f(`{"version":"0","source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"b"},"object":{"key":"a+b%20c.json","size":3}}}`, objects(location{"b", "a+b%20c.json", 3}))
	f(`{"source":"aws.s3","detail-type":"Object Deleted","detail":{"bucket":{"name":"b"},"object":{"key":"a.json"}}}`, told{})
	for _, event := range []string{
		`{"source":"aws.ec2","detail-type":"AWS API Call via CloudTrail","detail":{"eventTime":"x"}}`,
		`{"source":"aws.s3","detail-type":"AWS API Call via CloudTrail","detail":{"eventName":"GetObject"}}`,
		`{"source":"aws.signin","detail-type":"AWS Console Sign In via CloudTrail","detail":{}}`,
	} {
		f(event, told{record: event})
	}
	for _, body := range []string{
		"", "text", "[]", "{}", "null", "12", `{"Type":"SubscriptionConfirmation","Message":"{}"}`, `{"Type":"Notification","Message":"text"}`,
		`{"Records":[{"eventName":"x"}]}`, `{"Records":[1]}`, `{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"%zz"}}}]}`,
		`{"Records":[{"eventTime":"2026-03-04T01:02:03Z","eventType":"AwsApiCall"}]}`, `{"detail":"text"}`, `{"s3Bucket":"b"}`, `{"s3ObjectKey":["k"]}`,
		`{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"b"}}}`,
		`{"Type":"Notification","Message":` + quoted(`{"Type":"Notification","Message":`+quoted(`{"s3Bucket":"b","s3ObjectKey":["k"]}`)+`}`) + `}`,
	} {
		if got, err := parseMessage(body); err == nil {
			t.Errorf("%s: got %+v, want an error", body, got)
		}
	}
}

// FuzzParseMessage: every object has a bucket, and a record is the text of the message or of
// what SNS wraps.
func FuzzParseMessage(f *testing.F) {
	f.Add(`{"s3Bucket":"b","s3ObjectKey":["k"]}`)
	f.Add(`{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"a+b","size":7}}}]}`)
	f.Add(`{"Type":"Notification","Message":"{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}"}`)
	f.Add(`{"source":"aws.ec2","detail":{"eventTime":"x"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := parseMessage(body)
		if err != nil && (got.objects != nil || got.record != "") {
			t.Errorf("got %+v with %v", got, err)
		}
		for _, o := range got.objects {
			if o.bucket == "" {
				t.Errorf("got %+v", got)
			}
		}
		if got.record != "" && !json.Valid([]byte(got.record)) {
			t.Errorf("got record %q", got.record)
		}
	})
}
