// SPDX-License-Identifier: Apache-2.0

package cloudtrail

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/gyr-dev/gyr/internal/awslogs"
	"github.com/gyr-dev/gyr/internal/logfiles"
)

// otherLogs reports whether an object that has the name of a log file is a digest or of
// CloudTrail Insights. These lie beside the folder CloudTrail of an account.
func otherLogs(key string) bool {
	return strings.Contains(key, "/CloudTrail-Digest/") || strings.Contains(key, "/CloudTrail-Insight/") ||
		strings.Contains(key, "_CloudTrail-Digest_") || strings.Contains(key, "_CloudTrail-Insight_")
}

// connect prepares the way to AWS.
func (p *plugin) connect() (*awslogs.Client, error) {
	c := &p.config
	if c.S3DownloadConcurrency < 1 {
		return nil, nameError("invalid S3DownloadConcurrency: \"%d\"", c.S3DownloadConcurrency)
	}
	client, err := awslogs.Connect(context.Background(), awslogs.Access{
		Profile: c.AWS.Profile, Region: c.AWS.Region, Config: c.AWS.Config, Credentials: c.AWS.Credentials, Endpoint: c.endpoint(),
	}, c.S3DownloadConcurrency)
	if err != nil {
		return nil, pluginError("%w", err)
	}
	p.usesAWS.Store(true)
	return client, nil
}

// openS3 returns the log files of a bucket.
func (p *plugin) openS3(params string) (logfiles.Input, error) {
	c := &p.config
	bucket, prefix, err := awslogs.ParseBucket(params)
	if err != nil {
		return nil, pluginError("cannot open %s: %w", params, err)
	}
	interval, err := awslogs.ParseInterval(c.S3Interval, time.Now())
	if err != nil {
		return nil, nameError("invalid interval: \"%s\": %w", c.S3Interval, err)
	}
	accounts, err := awslogs.ParseAccounts(c.S3AccountList)
	if err != nil {
		return nil, nameError("invalid account list: \"%s\"", c.S3AccountList)
	}
	client, err := p.connect()
	if err != nil {
		return nil, err
	}
	in, err := awslogs.OpenBucket(client, awslogs.BucketOptions{
		Bucket: bucket, Prefix: prefix, Suffixes: suffixes, PassOver: otherLogs, Accounts: accounts, Interval: interval,
		Follow: time.Duration(c.Follow), LookBack: time.Duration(c.LookBack), State: c.State, Counts: &p.awsCounts, Log: p.log,
	})
	if err != nil {
		return nil, nameError("%w", err)
	}
	return &named{in}, nil
}

// named is an input whose errors have the form that users know.
type named struct{ logfiles.Input }

// Next implements [logfiles.Input].
func (n *named) Next(ctx context.Context) (logfiles.File, error) {
	f, err := n.Input.Next(ctx)
	if err != nil && err != io.EOF && !errors.Is(err, context.Canceled) {
		err = pluginError("%w", err)
	}
	return f, err
}
