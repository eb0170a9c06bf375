// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"strings"

	"github.com/gyr-dev/gyr/internal/awslogs"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

// openSQS returns the log files that messages of a queue tell about.
func (p *plugin) openSQS(params string) (logfiles.Input, error) {
	c := &p.config
	name := strings.TrimPrefix(params, "sqs://")
	if name == "" || strings.Contains(name, "/") {
		return nil, pluginError("cannot open %s: it names no queue", params)
	}
	client, err := p.connect()
	if err != nil {
		return nil, err
	}
	return &named{awslogs.OpenQueue(client, awslogs.QueueOptions{
		Name: name, Owner: c.SQSOwnerAccount, Suffixes: suffixes, PassOver: otherLogs, Buckets: c.SQSBuckets, BucketOwner: c.SQSBucketOwner,
		Keep: !c.SQSDelete, Ahead: c.S3DownloadConcurrency, Counts: &p.awsCounts, Log: p.log,
	})}, nil
}
