// SPDX-License-Identifier: Apache-2.0

// Package awslogs finds the log files that services of AWS deliver: those that lie in a
// bucket of S3, and those that messages of a queue of SQS tell about. Both are inputs of
// package logfiles.
//
//	client.go    how AWS is reached
//	object.go    an object is read as a stream, and on where a connection broke
//	layout.go    where CloudTrail puts its files
//	interval.go  the time span that is wanted
//	list.go      the objects of a bucket, page by page
//	bucket.go    the input that lists once, or again and again
//	position.go  what of a bucket is dealt with, in a file (state.go)
//
// Nothing of this costs anything before it is used: AWS is not asked before the first file is
// wanted.
package awslogs
