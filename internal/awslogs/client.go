// SPDX-License-Identifier: Apache-2.0

package awslogs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// Access says how AWS is reached. What is empty comes from where the AWS SDK looks:
// environment variables, shared files, the metadata of the machine.
type Access struct {
	// Profile is the name of a profile in the shared configuration.
	Profile string
	// Region is the AWS region.
	Region string
	// Config and Credentials are paths of the shared configuration and credentials files.
	Config, Credentials string
	// Endpoint is the URL of a service that stands in for AWS. Buckets are then part of
	// the path.
	Endpoint string
}

// attempts is how often a request is made before it counts as failed.
const attempts = 5

// Client makes requests to AWS. It may be used from any goroutine.
type Client struct {
	cfg aws.Config

	mu      sync.Mutex
	s3      map[string]*s3.Client // by region
	regions map[string]string     // of buckets, where they are not in the configured one
}

// Connect loads the configuration. It makes no requests. parallel is how many requests there
// may be at the same time.
func Connect(ctx context.Context, a Access, parallel int) (*Client, error) {
	transport := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConnsPerHost = max(parallel, t.MaxIdleConnsPerHost)
		t.MaxIdleConns = max(parallel, t.MaxIdleConns)
		t.ResponseHeaderTimeout = time.Minute
	})
	options := []func(*config.LoadOptions) error{
		config.WithHTTPClient(transport),
		// Without a budget that all requests share: each is tried again whatever became of
		// others, and the waiting between attempts grows.
		config.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts = attempts
				o.RateLimiter = ratelimit.None
			})
		}),
	}
	add := func(value string, option config.LoadOptionsFunc) {
		if value != "" {
			options = append(options, option)
		}
	}
	add(a.Profile, config.WithSharedConfigProfile(a.Profile))
	add(a.Region, config.WithRegion(a.Region))
	add(a.Config, config.WithSharedConfigFiles([]string{a.Config}))
	add(a.Credentials, config.WithSharedCredentialsFiles([]string{a.Credentials}))
	add(a.Endpoint, config.WithBaseEndpoint(a.Endpoint))
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("configuration of AWS: %w", err)
	}
	return &Client{cfg: cfg, s3: map[string]*s3.Client{}, regions: map[string]string{}}, nil
}

// bucket returns the client for a bucket.
func (c *Client) bucket(name string) *s3.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	region := cmp.Or(c.regions[name], c.cfg.Region)
	if c.s3[region] == nil {
		c.s3[region] = s3.NewFromConfig(c.cfg, func(o *s3.Options) {
			o.Region = region
			// A place that is not AWS may have neither regions nor a host name for each bucket.
			if o.BaseEndpoint != nil {
				o.UsePathStyle = true
				o.Region = cmp.Or(region, "us-east-1")
			}
			// Not all places know checksums, and gzip has its own.
			o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		})
	}
	return c.s3[region]
}

// moved reports whether err says that a bucket is in another region than was thought. The
// next client for it is one of that region.
func (c *Client) moved(bucket string, err error) bool {
	var response *awshttp.ResponseError
	if !errors.As(err, &response) || response.Response == nil {
		return false
	}
	region := response.Response.Header.Get("X-Amz-Bucket-Region")
	c.mu.Lock()
	defer c.mu.Unlock()
	if region == "" || region == cmp.Or(c.regions[bucket], c.cfg.Region) {
		return false
	}
	c.regions[bucket] = region
	return true
}

// inRegion makes a request for a bucket, in its region.
func inRegion[T any](c *Client, bucket string, request func(*s3.Client) (T, error)) (T, error) {
	out, err := request(c.bucket(bucket))
	if err != nil && c.moved(bucket, err) {
		out, err = request(c.bucket(bucket))
	}
	return out, plain(err)
}

// plain returns an error with what people need of it: code and message of AWS, or else why
// there was no answer.
func plain(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) {
		return &Error{Code: api.ErrorCode(), Message: api.ErrorMessage(), err: err}
	}
	var operation *smithy.OperationError
	if errors.As(err, &operation) {
		return &Error{Code: operation.Service(), Message: operation.Unwrap().Error(), err: err}
	}
	return err
}

// Error is an error of AWS.
type Error struct {
	Code    string // or the name of the service, if it gave no answer
	Message string
	err     error
}

// Error returns code and message.
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}

// Unwrap returns the error of the SDK.
func (e *Error) Unwrap() error { return e.err }
