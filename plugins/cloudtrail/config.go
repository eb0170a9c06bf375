// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"
)

// config is the configuration of a state.
type config struct {
	S3DownloadConcurrency int       `json:"s3DownloadConcurrency"`
	S3Interval            string    `json:"s3Interval"`
	S3AccountList         string    `json:"s3AccountList"`
	SQSDelete             bool      `json:"sqsDelete"`
	SQSOwnerAccount       string    `json:"sqsOwnerAccount"`
	UseS3SNS              bool      `json:"useS3SNS"`
	UseAsync              bool      `json:"useAsync"`
	AWS                   awsConfig `json:"aws"`
	// Falco does not have those below.
	Endpoint string   `json:"endpoint"`
	Follow   duration `json:"follow"`
	State    string   `json:"state"`
	LookBack duration `json:"lookBack"`
	Dedup    duration `json:"dedup"`

	SQSBuckets     []string `json:"sqsBuckets"`
	SQSBucketOwner string   `json:"sqsBucketOwner"`
}

// duration is a time span as Go writes it: 60s, 1h30m.
type duration time.Duration

// UnmarshalText implements encoding.TextUnmarshaler. No text is no time.
func (d *duration) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	v, err := time.ParseDuration(string(text))
	if err == nil && v < 0 {
		err = fmt.Errorf("time: negative duration %q", text)
	}
	*d = duration(v)
	return err
}

// endpoint is where AWS is, if it is not where it always is.
func (c *config) endpoint() string { return cmp.Or(c.AWS.Endpoint, c.Endpoint) }

// awsConfig overrides what the AWS SDK finds in its environment.
type awsConfig struct {
	Profile     string `json:"profile"`
	Region      string `json:"region"`
	Config      string `json:"config"`
	Credentials string `json:"credentials"`
	Endpoint    string `json:"endpoint"` // Falco does not have it
}

func defaultConfig() config {
	return config{S3DownloadConcurrency: 32, SQSDelete: true, UseAsync: true}
}

// parseConfig reads the configuration; "" means the defaults. Hosts that know the schema
// have checked it, others get an error for wrong types.
func parseConfig(text string) (config, error) {
	c := defaultConfig()
	if text == "" {
		return c, nil
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}

// schema describes config. Unknown keys are allowed, as configurations are shared between
// versions of the plugin.
const schema = `{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "properties": {
    "s3DownloadConcurrency": {"type": "integer", "default": 32, "title": "S3 download concurrency", "description": "How many S3 objects are downloaded at the same time."},
    "s3Interval": {"type": "string", "default": "", "title": "S3 interval", "description": "The time span to read from S3, as in 5d or 2026-01-01T00:00:00Z - 1d. Empty means everything."},
    "s3AccountList": {"type": "string", "default": "", "title": "S3 accounts", "description": "Account ids, separated by commas, to read from the bucket of an organization. Empty means all."},
    "sqsDelete": {"type": "boolean", "default": true, "title": "Delete SQS messages", "description": "Whether messages are deleted from the queue, which happens when all alerts of their events are delivered."},
    "sqsOwnerAccount": {"type": "string", "default": "", "title": "SQS owner", "description": "The account that owns the queue, if it is another one."},
    "useS3SNS": {"type": "boolean", "default": false, "title": "Notifications by S3", "description": "Accepted and without effect: messages of all kinds are recognised."},
    "useAsync": {"type": "boolean", "default": true, "title": "Asynchronous extraction", "description": "Accepted and without effect: extraction needs no thread of its own."},
    "endpoint": {"type": "string", "default": "", "title": "Endpoint", "description": "The same as aws.endpoint."},
    "follow": {"type": "string", "default": "", "title": "Follow", "description": "How often a bucket is listed again, as in 60s. Empty lists it once."},
    "state": {"type": "string", "default": "", "title": "State file", "description": "A file that keeps which objects of a bucket have been dealt with, for the next start."},
    "lookBack": {"type": "string", "default": "24h", "title": "Look-back", "description": "How much later than others an object of a bucket may come and still be found at once, as in 24h."},
    "dedup": {"type": "string", "default": "", "title": "Duplicates", "description": "For how long a record is not an event again that has been dealt with, by its eventID, as in 10m. Empty lets duplicates pass."},
    "sqsBuckets": {"type": "array", "items": {"type": "string"}, "default": [], "title": "Buckets", "description": "The buckets that a message may name. Empty means any."},
    "sqsBucketOwner": {"type": "string", "default": "", "title": "Owner of the buckets", "description": "The account that must own the bucket that a message names. Empty means any."},
    "aws": {
      "type": "object",
      "title": "AWS",
      "description": "Overrides what the AWS SDK takes from the environment.",
      "properties": {
        "profile": {"type": "string", "default": "", "title": "Profile", "description": "Name of the profile in the shared configuration."},
        "region": {"type": "string", "default": "", "title": "Region", "description": "The AWS region."},
        "config": {"type": "string", "default": "", "title": "Configuration file", "description": "Path of the shared configuration file."},
        "credentials": {"type": "string", "default": "", "title": "Credentials file", "description": "Path of the shared credentials file."},
        "endpoint": {"type": "string", "default": "", "title": "Endpoint", "description": "URL of a service that stands in for AWS. Buckets are then part of the path."}
      },
      "additionalProperties": true
    }
  },
  "additionalProperties": true
}`
